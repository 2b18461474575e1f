package smcp.session;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Event ids: {@code <stream>.<seq>} of an answer's stream, {@code g.<epoch>.<tenantPos>.<sessionPos>} of a session's GET stream (design §5). */
sealed interface Cursor {
    Pattern CHANGES = Pattern.compile("g\\.([A-Za-z0-9_-]{1,32})\\.([0-9]{1,18})\\.([0-9]{1,18})");
    Pattern ANSWER = Pattern.compile("([A-Za-z0-9_-]{8,64})\\.([0-9]{1,18})");

    /** After this frame of this stream. */
    record Answer(String stream, long seq) implements Cursor {}

    /** After this change of the tenant's log. */
    record Changes(String epoch, long pos) implements Cursor {}

    /** Null if it is none of ours. */
    static @Nullable Cursor parse(String id) {
        var changes = CHANGES.matcher(id);
        if (changes.matches()) {
            return new Changes(changes.group(1), Long.parseLong(changes.group(2)));
        }
        var answer = ANSWER.matcher(id);
        return answer.matches() ? new Answer(answer.group(1), Long.parseLong(answer.group(2))) : null;
    }

    /** The session's own log has nothing yet, so its position is 0. */
    static String changes(String epoch, long pos) {
        return "g." + epoch + "." + pos + ".0";
    }
}
