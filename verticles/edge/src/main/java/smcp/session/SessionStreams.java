package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ChangeFeed;
import smcp.contract.ChangeFeed.Heard;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Identity;
import smcp.contract.Inbound;
import smcp.contract.Reply;
import smcp.contract.SessionRecord;
import smcp.contract.SessionRequests;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TenantEntry;
import smcp.tenant.Shown;

/** GET and DELETE of legacy sessions: opens and resumes streams, ends sessions. */
public final class SessionStreams implements SessionRequests {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final LegacySteps steps;
    private final LegacyState shared;
    private final LegacyEra era;

    public SessionStreams(LegacySteps steps, LegacyState shared, LegacyEra era) {
        this.steps = steps;
        this.shared = shared;
        this.era = era;
    }

    @Override
    public void open(TenantEntry tenant, Identity.Known who, Inbound.Headers headers, Reply reply) {
        require(tenant, who, headers, reply, session -> {
            var last = headers.get(LAST_EVENT_ID);
            if (last == null || last.isBlank()) {
                changes(tenant, who, session, ChangeFeed.NOW, null, reply);
                return;
            }
            switch (Cursor.parse(last.strip())) {
                case Cursor.Changes cursor -> changes(tenant, who, session, cursor.pos(), cursor.epoch(), reply);
                case Cursor.Answer cursor -> answer(session, cursor, reply);
                case null -> reply.fault(null, unknown(last));
            }
        });
    }

    @Override
    public void end(TenantEntry tenant, Identity.Known who, Inbound.Headers headers, Reply reply) {
        require(tenant, who, headers, reply, session -> {
            var key = key(session);
            shared.end(key)
                    .onComplete(done -> run(reply, () -> {
                        if (done.failed()) {
                            reply.fault(null, Fault.from(done.cause()));
                        } else {
                            reply.done();
                        }
                    }));
        });
    }

    private void require(
            TenantEntry tenant,
            Identity.Known who,
            Inbound.Headers headers,
            Reply reply,
            Consumer<SessionRecord> then) {
        LegacyEra.refuseUnknownVersion(headers, null);
        shared.sessions()
                .require(tenant, who, headers.get(LegacyEra.SESSION_HEADER))
                .onComplete(found -> run(reply, () -> {
                    if (found.failed()) {
                        reply.fault(null, Fault.from(found.cause()));
                    } else {
                        then.accept(found.result());
                    }
                }));
    }

    private static void run(Reply reply, Runnable task) {
        ((ContextInternal) reply.context()).execute(task);
    }

    private static SessionKey key(SessionRecord session) {
        return new SessionKey(session.version().tenant(), session.id());
    }

    private static Fault unknown(String cursor) {
        return new Fault(
                Kind.CURSOR_UNKNOWN,
                "Last-Event-ID \"" + Shown.of(cursor) + "\" is none of this session's, or too old");
    }

    /** Goes on with the stream of an answer, after the last frame the client has. */
    private void answer(SessionRecord session, Cursor.Answer cursor, Reply reply) {
        var stream = new StreamKey(session.version().tenant(), session.id(), cursor.stream());
        steps.events()
                .read(stream, cursor.seq(), 1, shared.clock().instant())
                .onComplete(read -> run(reply, () -> {
                    if (read.failed()) {
                        reply.fault(null, Fault.from(read.cause()));
                    } else if (read.result().isEmpty()
                            || read.result().get().first() > cursor.seq() + 1
                            || read.result().get().next() <= cursor.seq()) {
                        reply.fault(null, unknown(cursor.stream() + "." + cursor.seq()));
                    } else {
                        era.calls().attach(stream, cursor.seq(), reply);
                    }
                }));
    }

    /** The session's own stream: changes at its tenant. A second one takes the place of the first. */
    private void changes(
            TenantEntry entry,
            Identity.Known who,
            SessionRecord session,
            long after,
            @Nullable String epoch,
            Reply reply) {
        var context = (ContextInternal) reply.context();
        var tenant = session.version().tenant();
        var early = new ArrayList<Heard>(0);
        var listener = new Listener(early);
        epochOf(session, epoch, after)
                .compose(from -> steps.feed()
                        .subscribe(tenant, from.position(), context, listener::hear)
                        .map(to -> new Joined(to, from)))
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(null, Fault.from(done.cause()));
                        return;
                    }
                    var key = key(session);
                    var stream = new ChangeStream(
                            key,
                            who.principal(),
                            declared(entry, session),
                            shared.sessions()::find,
                            reply.stream(),
                            context);
                    shared.listens(stream);
                    reply.onGone(() -> {
                        shared.changeStreams().remove(key, stream);
                        stream.gone();
                    });
                    // a client that resumes has an id already
                    stream.begin(done.result().to(), epoch == null && LegacyEra.primes(session));
                    if (done.result().from().lost()) {
                        stream.missed(done.result().to().from());
                    }
                    listener.hand(stream);
                }));
    }

    /** Which lists the session was told about, and that they may change. */
    private static Predicate<ChangeLog.Kind> declared(TenantEntry tenant, SessionRecord session) {
        var offer = tenant.offer(session.version().number());
        return kind -> offer != null
                && switch (kind) {
                    case TOOLS -> offer.declares("tools", "listChanged");
                    case PROMPTS -> offer.declares("prompts", "listChanged");
                    case RESOURCES -> offer.declares("resources", "listChanged");
                    case RESOURCE -> offer.declares("resources", "subscribe");
                };
    }

    private record Joined(ChangeFeed.Subscription to, From from) {}

    /** @param lost the cursor belongs to a log that is gone: nobody knows what was missed */
    private record From(long position, boolean lost) {}

    private Future<From> epochOf(SessionRecord session, @Nullable String epoch, long after) {
        if (epoch == null) {
            return Future.succeededFuture(new From(after, false));
        }
        return steps.changes()
                .read(session.version().tenant(), Long.MAX_VALUE - 1, 1)
                .map(slice -> slice.epoch().equals(epoch) && after <= slice.newest()
                        ? new From(after, false)
                        : new From(ChangeFeed.NOW, true));
    }

    /** Keeps what is heard before the stream is open. Confined to the reply's context. */
    private static final class Listener {
        private final List<Heard> early;
        private @Nullable ChangeStream stream;

        Listener(List<Heard> early) {
            this.early = early;
        }

        void hear(Heard heard) {
            if (stream == null) {
                early.add(heard);
            } else {
                stream.hear(heard);
            }
        }

        void hand(ChangeStream to) {
            stream = to;
            early.forEach(to::hear);
            early.clear();
        }
    }
}
