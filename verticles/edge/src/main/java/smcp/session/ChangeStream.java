package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.ChangeFeed.Heard;
import smcp.contract.ChangeFeed.Subscription;
import smcp.contract.ChangeLog.Change;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.Reply;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.Splice;
import smcp.tenant.Principal;

/**
 * The GET stream of a legacy session: what changed at its tenant, told once each while the client reads and once for many while it does not. An event's id says up to which change the client has heard, so
 * it resumes on any node. Confined to the connection's context.
 */
final class ChangeStream {
    /** What the stream needs of its session: looked up each time, because subscriptions change while it is open. */
    interface Lookup {
        Future<Optional<SessionRecord>> session(SessionKey key);
    }

    private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);
    /** Position of an event that has no id of its own: a client that has it has not heard all yet. */
    private static final long NOT_ALL = -1;

    private final SessionKey session;
    private final Principal principal;
    private final Predicate<Kind> declared;
    private final Lookup lookup;
    private final Reply.EventStream out;
    private final ContextInternal context;
    /** What to tell, oldest first, by what changed: to the position of its newest change. */
    private final Map<Change, Long> pending = new LinkedHashMap<>();

    private @Nullable Subscription subscription;
    private Future<?> last = Future.succeededFuture();
    private boolean waiting;
    private boolean over;

    /**
     * @param principal whose it is
     * @param declared may the client hear of these changes? Only of what was negotiated (MCP 2025-11-25, Lifecycle)
     */
    ChangeStream(
            SessionKey session,
            Principal principal,
            Predicate<Kind> declared,
            Lookup lookup,
            Reply.EventStream out,
            ContextInternal context) {
        this.session = session;
        this.principal = principal;
        this.declared = declared;
        this.lookup = lookup;
        this.out = out;
        this.context = context;
    }

    /** @param primed the revision knows events without data */
    void begin(Subscription to, boolean primed) {
        subscription = to;
        if (over) {
            // the client went while it was being subscribed
            to.cancel();
            return;
        }
        if (primed) {
            out.event(Cursor.changes(to.epoch(), to.from()), null);
        }
        // the session may have ended while the stream was being opened, and then nothing else would end it
        look(_ -> {});
    }

    void hear(Heard heard) {
        look(found -> {
            collect(heard, found);
            flush();
        });
    }

    private void look(Consumer<SessionRecord> then) {
        last = last.compose(_ -> lookup.session(session)).transform(done -> {
            context.execute(() -> {
                if (over) {
                    return;
                }
                if (done.failed()) {
                    log.atWarn().setCause(done.cause()).log("a session could not be looked up; its stream is cut");
                    gone();
                    out.cut();
                } else if (done.result().isEmpty()) {
                    finish();
                } else {
                    then.accept(done.result().get());
                }
            });
            return Future.succeededFuture();
        });
    }

    SessionKey session() {
        return session;
    }

    Principal principal() {
        return principal;
    }

    /** Tells of everything that may have changed since a position that the log does not know any more. */
    void missed(long newest) {
        hear(new Heard.Gap(newest));
    }

    private void collect(Heard heard, SessionRecord session) {
        switch (heard) {
            case Heard.Changes changes ->
                changes.changes().forEach(change -> {
                    if (wants(session, change)) {
                        put(change);
                    }
                });
            case Heard.Gap gap -> {
                var missed = new ArrayList<Change>();
                for (var kind : new Kind[] {Kind.TOOLS, Kind.PROMPTS, Kind.RESOURCES}) {
                    if (declared.test(kind)) {
                        missed.add(new Change(NOT_ALL, kind, ""));
                    }
                }
                session.subscriptions().keySet().forEach(uri -> missed.add(new Change(NOT_ALL, Kind.RESOURCE, uri)));
                // only the last one moves the client's position: who is cut off in between hears all of them again
                if (!missed.isEmpty()) {
                    var last = missed.removeLast();
                    missed.forEach(this::put);
                    put(new Change(gap.newest(), last.kind(), last.uri()));
                }
            }
        }
    }

    private boolean wants(SessionRecord session, Change change) {
        if (change.kind() != Kind.RESOURCE) {
            return declared.test(change.kind());
        }
        var from = session.subscriptions().get(change.uri());
        return from != null && change.pos() > from;
    }

    private void put(Change change) {
        var what = new Change(0, change.kind(), change.uri());
        pending.remove(what);
        pending.put(what, change.pos());
    }

    private void flush() {
        var changes = pending.entrySet().iterator();
        while (!over && changes.hasNext()) {
            if (out.full()) {
                if (!waiting) {
                    waiting = true;
                    out.onDrain(() -> {
                        waiting = false;
                        flush();
                    });
                }
                return;
            }
            var change = changes.next();
            changes.remove();
            var to = subscription;
            var id = to == null || change.getValue() == NOT_ALL ? null : Cursor.changes(to.epoch(), change.getValue());
            out.event(id, notification(change.getKey()));
        }
    }

    private static Json notification(Change change) {
        return switch (change.kind()) {
            case TOOLS -> Frames.notification("notifications/tools/list_changed", Json.EMPTY_OBJECT);
            case PROMPTS -> Frames.notification("notifications/prompts/list_changed", Json.EMPTY_OBJECT);
            case RESOURCES -> Frames.notification("notifications/resources/list_changed", Json.EMPTY_OBJECT);
            case RESOURCE ->
                Frames.notification(
                        "notifications/resources/updated",
                        new Splice(64)
                                .put('{')
                                .putString("uri")
                                .put(':')
                                .putString(change.uri())
                                .put('}')
                                .json());
        };
    }

    /** Ends the connection in order: replaced, or its session is over. Any thread. */
    void replaced() {
        context.execute(this::finish);
    }

    private void finish() {
        if (!over) {
            gone();
            out.end();
        }
    }

    /** The client has gone. */
    void gone() {
        over = true;
        pending.clear();
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
