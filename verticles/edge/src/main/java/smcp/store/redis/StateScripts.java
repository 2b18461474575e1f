package smcp.store.redis;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The scripts of sessions and logs: a file each, behind what they share. */
final class StateScripts {
    private static final String SHARED = "state";
    private static final String LOG = "changes";

    static final Script SESSION_CREATE = script("session-create", SHARED);
    static final Script SESSION_REPLACE = script("session-replace");
    static final Script SESSION_TOUCH = script("session-touch", SHARED);
    static final Script SESSION_DELETE = script("session-delete", SHARED);
    static final Script SESSION_SWEEP = script("session-sweep", SHARED);
    static final Script STREAM_OPEN = script("stream-open", SHARED);
    static final Script STREAM_APPEND = script("stream-append", SHARED);
    static final Script STREAM_END = script("stream-end", SHARED);
    static final Script STREAM_READ = script("stream-read", SHARED);
    static final Script STREAM_SWEEP = script("stream-sweep", SHARED);
    static final Script STREAM_LOST = script("stream-lost", SHARED);
    static final Script EXCHANGE_CREATE = script("exchange-create", SHARED);
    static final Script EXCHANGE_REPLACE = script("exchange-replace", SHARED);
    static final Script EXCHANGE_TAKE = script("exchange-take", SHARED);
    static final Script EXCHANGE_DUE = script("exchange-due", SHARED);
    static final Script SPEND = script("spend", SHARED);
    static final Script SPENT_SWEEP = script("spent-sweep", SHARED);
    static final Script CHANGE_APPEND = script("change-append", SHARED, LOG);
    static final Script CHANGE_READ = script("change-read", SHARED, LOG);

    private StateScripts() {}

    private static Script script(String name, String... before) {
        var shared = Arrays.stream(before)
                .map(each -> Script.resource(each).source())
                .collect(Collectors.joining());
        return Script.of(name, shared + Script.resource(name).source());
    }
}
