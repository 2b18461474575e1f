package smcp.peer;

import io.netty.util.AsciiString;

/**
 * Numbers and names of the peer link. One HTTP/2 stream is one call: its request and its answer are each a sequence of frames.
 *
 * <pre>
 * frame = length of payload (4 bytes), kind (1), payload
 * payload = fields; field = number (1), length (1 to 5, seven bits each, lowest first), content
 * </pre>
 *
 * A number is never used again for something else. Who meets a kind or a field that it does not know passes over it if it is {@link #SKIPPABLE}, and refuses the message otherwise. So a newer program says of each thing it
 * adds whether an older one may go on without it; what cannot be said so is a new version.
 */
final class Wire {
    /** The header that names the version of this protocol. */
    static final CharSequence VERSION = AsciiString.cached("smcp-peer");
    /** Why a request was refused, for people. */
    static final CharSequence REFUSED = AsciiString.cached("smcp-refused");
    /** Which run of a node answers. */
    static final CharSequence RUN = AsciiString.cached("smcp-run");

    /** Asks who is there; every connection begins with it. */
    static final String HELLO = "/hello";

    static final String CALLS = "/";

    /** Behind it stands the hash of a package; the answer is the package as it is stored. */
    static final String PACKAGES = "/packages/";
    /** SHA-256 of what follows, hex. */
    static final CharSequence SHA256 = AsciiString.cached("smcp-sha256");
    /** When the package was stored, in milliseconds since 1970. */
    static final CharSequence STORED = AsciiString.cached("smcp-stored");

    static final int HEADER = 5;
    /** Bit of a kind or a field number: whoever does not know it may ignore it. */
    static final int SKIPPABLE = 0x80;
    /** Bit of a field number: text that UTF-8 cannot hold, because half a surrogate pair is in it; UTF-16, big-endian. */
    static final int UTF16 = 0x40;

    static final int CALL = 1;
    static final int LEGACY = 2;

    static final int BEGUN = 16;
    static final int NOTICE = 17;
    static final int CLOSE_STREAM = 18;
    static final int RESULT = 19;
    static final int FAILED = 20;
    static final int BROKEN = 21;

    static final int REPLY_HEADER = 32;
    static final int REPLY_RESULT = 33;
    static final int REPLY_FAILED = 34;
    static final int REPLY_FAULT = 35;
    static final int REPLY_ACCEPTED = 36;
    static final int REPLY_DONE = 37;
    static final int REPLY_STREAM = 38;
    static final int REPLY_EVENT = 39;
    static final int REPLY_RETRY = 40;
    static final int REPLY_END = 41;
    static final int REPLY_CUT = 42;
    /** The round is taken on; there is no connection to answer to. */
    static final int TAKEN = 43;

    // RFC 9113 §7
    static final long INTERNAL_ERROR = 0x2;
    static final long REFUSED_STREAM = 0x7;
    static final long CANCEL = 0x8;

    private Wire() {}

    /** May a frame of this kind, or a field of this number, be passed over? Nothing that this version knows is. */
    static boolean skippable(int tag) {
        return (tag & SKIPPABLE) != 0;
    }

    static Malformed unknown(int kind) {
        return new Malformed("a frame of kind " + kind + " is unknown here, and must not be ignored");
    }

    /** The fields of {@link #CALL} and {@link #LEGACY}. */
    static final class In {
        static final int TENANT = 1;
        static final int NUMBER = 2;
        static final int ANONYMOUS = 3;
        static final int CLIENT = 4;
        static final int TOOL = 5;
        static final int REVISION = 6;
        static final int CAPABILITIES = 7;
        static final int INFO = 8;
        static final int LOG_LEVEL = 9;
        static final int METHOD = 10;
        static final int NAME = 11;
        static final int PARAMS = 12;
        /** Where in params the arguments stand: two numbers of 4 bytes, from and to. */
        static final int ARGUMENTS_AT = 13;

        static final int ARGUMENTS = 14;
        static final int META = 15;
        static final int PROGRESS_TOKEN = 16;
        static final int ANSWERS = 17;
        static final int STATE = 18;
        static final int TRACE = 19;
        /** Nanoseconds that are left. */
        static final int REMAINING = 20;

        static final int ATTEMPTS = 21;

        static final int REQUEST_ID = 32;
        static final int SESSION_TENANT = 33;
        static final int SESSION = 34;
        static final int NO_REPLY = 35;
        static final int STREAM = 36;
        static final int NEXT_SEQ = 37;
        static final int CHAIN_TENANT = 38;
        static final int CHAIN_NUMBER = 39;
        static final int CHAIN_ROUND = 40;
        static final int CHAIN_ISSUED = 41;
        static final int CHAIN_ID = 42;
        static final int CHAIN_STATE = 43;

        private In() {}
    }

    /** The fields of everything that comes back. */
    static final class Out {
        static final int JSON = 1;
        static final int METHOD = 2;
        static final int MILLIS = 3;
        static final int CODE = 4;
        static final int MESSAGE = 5;
        static final int DATA = 6;
        static final int ID = 7;
        static final int NAME = 8;
        static final int VALUE = 9;
        static final int EVENT_ID = 10;

        static final int CPU_MILLIS = 32;
        static final int RESPONSE_BYTES = 33;
        static final int NOTICES = 34;
        static final int SUB_REQUESTS = 35;

        private Out() {}
    }
}
