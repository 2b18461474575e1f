package smcp.store;

import io.vertx.core.Future;
import java.util.function.Supplier;
import smcp.bus.Fault;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Exchange;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore.SessionKey;

/** What every implementation refuses to write, in the same words. */
public final class Checked {
    private static final int LONGEST_ID = 512;
    private static final int LONGEST_URI = 8_192;

    private Checked() {}

    /** A fault thrown by {@code operation} as a failed future. */
    public static <T> Future<T> in(Supplier<Future<T>> operation) {
        try {
            return operation.get();
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    public static byte[] json(SessionRecord session) {
        id("session id", session.id());
        return RecordJson.write("session", session);
    }

    public static byte[] json(SessionKey session, Exchange exchange) {
        id("session id", session.id());
        id("exchange id", exchange.id());
        return RecordJson.write("exchange", exchange);
    }

    public static void stream(StreamKey stream) {
        id("session id", stream.session());
        id("stream id", stream.id());
    }

    public static boolean sound(StreamKey stream) {
        return Text.sound(stream.session()) && Text.sound(stream.id());
    }

    public static boolean sound(SessionKey session, String id) {
        return Text.sound(session.id()) && Text.sound(id);
    }

    /** Empty is allowed: most kinds of change have no URI. */
    public static void uri(String uri) {
        if (!uri.isEmpty()) {
            Text.check("resource URI", uri, LONGEST_URI);
        }
    }

    public static void id(String what, String id) {
        Text.check(what, id, LONGEST_ID);
    }

    public static Fault taken(String what) {
        return new Fault(Fault.Kind.CONFLICT, what + " exists already");
    }

    public static Fault gone() {
        return new Fault(Fault.Kind.CURSOR_UNKNOWN, "the stream is gone: it expired or its session ended");
    }

    /** The one writer of a stream lost count. */
    public static Fault gap(long next, long got) {
        return new Fault(Fault.Kind.CONFLICT, "the next frame of the stream is " + next + ", got " + got);
    }

    public static Fault ended() {
        return new Fault(Fault.Kind.CONFLICT, "the stream has ended, it takes no more frames");
    }
}
