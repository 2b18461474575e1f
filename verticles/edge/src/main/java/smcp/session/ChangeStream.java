package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

/**
 * The GET stream of a legacy session: what changed at its tenant, told once each while the client reads and once for many while it does not. An event's id says up to which change the client has heard, so
 * it resumes on any node. Confined to the connection's context.
 */
final class ChangeStream {
    /** What the stream needs of its session: looked up each time, because subscriptions change while it is open. */
    interface Lookup {
        Future<Optional<SessionRecord>> session(SessionKey key);
    }

    private final SessionKey session;
    private final Lookup lookup;
    private final Reply.EventStream out;
    private final ContextInternal context;
    /** What to tell, oldest first, by what changed: to the position of its newest change. */
    private final Map<Change, Long> pending = new LinkedHashMap<>();

    private @Nullable Subscription subscription;
    private Future<?> last = Future.succeededFuture();
    private boolean waiting;
    private boolean over;

    ChangeStream(SessionKey session, Lookup lookup, Reply.EventStream out, ContextInternal context) {
        this.session = session;
        this.lookup = lookup;
        this.out = out;
        this.context = context;
    }

    /** @param primed the revision knows events without data */
    void begin(Subscription to, boolean primed) {
        subscription = to;
        if (primed) {
            out.event(Cursor.changes(to.epoch(), to.from()), null);
        }
    }

    void hear(Heard heard) {
        last = last.compose(_ -> lookup.session(session)).map(found -> {
            context.execute(() -> {
                if (found.isEmpty()) {
                    finish();
                } else {
                    collect(heard, found.get());
                    flush();
                }
            });
            return null;
        });
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
                put(new Change(gap.newest(), Kind.TOOLS, ""));
                put(new Change(gap.newest(), Kind.PROMPTS, ""));
                put(new Change(gap.newest(), Kind.RESOURCES, ""));
                session.subscriptions().keySet().forEach(uri -> put(new Change(gap.newest(), Kind.RESOURCE, uri)));
            }
        }
    }

    private static boolean wants(SessionRecord session, Change change) {
        if (change.kind() != Kind.RESOURCE) {
            return true;
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
            out.event(Cursor.changes(to == null ? "" : to.epoch(), change.getValue()), notification(change.getKey()));
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
