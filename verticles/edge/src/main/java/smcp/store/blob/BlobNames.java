package smcp.store.blob;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.store.Text;

/** What may be a name, and in whose space; in the same words for every store. */
final class BlobNames {
    private static final Pattern SPACE = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

    private BlobNames() {}

    static void check(BlobKey key) {
        space(key.space());
        name("blob name", key.name());
    }

    static void space(String space) {
        if (!SPACE.matcher(space).matches()) {
            throw wrong("blob space must match " + SPACE + ", got " + Text.shown(space));
        }
    }

    static void name(String what, String name) {
        if (name.isEmpty()) {
            throw wrong(what + " must have 1 to " + BlobStore.LONGEST_NAME + " bytes, got none");
        }
        part(what, name);
    }

    /** As a name, but may be empty. */
    static void part(String what, String text) {
        if (!Text.sound(text) || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(what + " must not hold control characters or half a surrogate pair: " + Text.shown(text));
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > BlobStore.LONGEST_NAME) {
            throw wrong(what + " must have at most " + BlobStore.LONGEST_NAME + " bytes in UTF-8, got " + bytes);
        }
    }

    static void page(int most) {
        if (most < 1 || most > BlobStore.MOST_NAMES) {
            throw wrong("most names of a page must be 1 to " + BlobStore.MOST_NAMES + ", got " + most);
        }
    }

    static Fault beyond(BlobKey key, long from, long bytes) {
        return wrong("range begins at " + from + ", blob " + Text.shown(key.name()) + " has " + bytes + " bytes");
    }

    static Fault taken(BlobKey key) {
        return new Fault(Fault.Kind.CONFLICT, "blob " + Text.shown(key.name()) + " exists already");
    }

    static Fault other(BlobKey key) {
        return new Fault(Fault.Kind.CONFLICT, "blob " + Text.shown(key.name()) + " is not what it was, or gone");
    }

    private static Fault wrong(String message) {
        return new Fault(Fault.Kind.INVALID_INPUT, message);
    }
}
