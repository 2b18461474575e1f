package smcp.modern;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.contract.ChangeFeed.Heard;
import smcp.contract.ChangeFeed.Subscription;
import smcp.contract.ChangeLog.Change;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.Reply;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.Meta;
import smcp.protocol.Splice;

/**
 * One open {@code subscriptions/listen}. While its client does not read, changes collect, each kind and resource once: saying twice that a list has changed says nothing more. Confined to the reply's
 * context.
 */
final class ListenStream {
    private final Json id;
    private final ListenFilter filter;
    private final Reply.EventStream out;
    private final Set<Change> pending = new LinkedHashSet<>();
    private @Nullable Subscription subscription;
    private boolean waiting;
    private boolean over;

    ListenStream(Json id, ListenFilter filter, Reply.EventStream out) {
        this.id = id;
        this.filter = filter;
        this.out = out;
    }

    /** The first message; nothing for this subscription comes before it. */
    void acknowledge(Subscription to) {
        subscription = to;
        if (over) {
            // the client went while it was being subscribed
            to.cancel();
            return;
        }
        var params = new Splice(256)
                .put(ascii("{\"notifications\":"))
                .put(filter.honoured())
                .put(',')
                .put(meta())
                .put('}')
                .json();
        out.event(null, Frames.notification("notifications/subscriptions/acknowledged", params));
    }

    void hear(Heard heard) {
        if (over) {
            return;
        }
        switch (heard) {
            case Heard.Changes changes -> changes.changes().forEach(this::add);
            case Heard.Gap _ -> addEverything();
        }
        flush();
    }

    private void add(Change change) {
        if (filter.wants(change)) {
            pending.add(new Change(0, change.kind(), change.uri()));
        }
    }

    /** The log no longer says what changed, so all of it may have. */
    private void addEverything() {
        for (var kind : new Kind[] {Kind.TOOLS, Kind.PROMPTS, Kind.RESOURCES}) {
            add(new Change(0, kind, ""));
        }
        filter.uris().forEach(uri -> add(new Change(0, Kind.RESOURCE, uri)));
    }

    private void flush() {
        var changes = pending.iterator();
        while (changes.hasNext()) {
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
            out.event(null, notification(change));
        }
    }

    private Json notification(Change change) {
        var params = new Splice(128).put('{');
        if (change.kind() == Kind.RESOURCE) {
            params.putString("uri").put(':').putString(change.uri()).put(',');
        }
        return Frames.notification(
                method(change.kind()), params.put(meta()).put('}').json());
    }

    static String method(Kind kind) {
        return switch (kind) {
            case TOOLS -> "notifications/tools/list_changed";
            case PROMPTS -> "notifications/prompts/list_changed";
            case RESOURCES -> "notifications/resources/list_changed";
            case RESOURCE -> "notifications/resources/updated";
        };
    }

    /** The id of the listen request, verbatim, with its JSON type. */
    private Json meta() {
        return new Splice(64)
                .put(ascii("\"_meta\":{\"" + Meta.SUBSCRIPTION_ID + "\":"))
                .put(id)
                .put('}')
                .json();
    }

    /** Ends the subscription in order: with a result, then the stream. */
    void finish() {
        if (over) {
            return;
        }
        close();
        out.event(
                null,
                Frames.result(
                        id,
                        new Splice(128)
                                .put(ascii("{\"resultType\":\"complete\","))
                                .put(meta())
                                .put('}')
                                .json()));
        out.end();
    }

    /** The client has gone, or nothing can be written any more. */
    void close() {
        over = true;
        pending.clear();
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
