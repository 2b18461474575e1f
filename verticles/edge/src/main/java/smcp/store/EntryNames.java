package smcp.store;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether the entries of an archive can become files: each under the root, each a file of its own on every file system, those that fold case or Unicode forms included (Zip APPNOTE §4.4.17: names use slashes and no drive).
 */
final class EntryNames {
    /** A copy of the whole jar stands under this name beside the unpacked files. */
    static final String JAR = "package.jar";

    private static final Pattern DRIVE = Pattern.compile("^[A-Za-z]:.*", Pattern.DOTALL);
    private static final int LONGEST_PART = 255;

    private final int longest;
    private final Set<String> files = new HashSet<>();
    private final Set<String> directories = new HashSet<>();
    private final Set<String> listed = new HashSet<>();

    EntryNames(int longest) {
        this.longest = longest;
    }

    /** Takes the next entry's name, or throws saying what is wrong with it. A directory ends with a slash. */
    void add(String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > longest) {
            throw Invalid.entry(name, "has a name of " + bytes + " bytes, at most " + longest + " are allowed");
        }
        characters(name);
        var directory = name.endsWith("/");
        var parts = List.of((directory ? name.substring(0, name.length() - 1) : name).split("/", -1));
        parts.forEach(part -> part(name, part));
        place(name, folded(String.join("/", parts)), directory);
    }

    private static void characters(String name) {
        if (name.indexOf('\\') >= 0) {
            throw Invalid.entry(name, "has a backslash in its name");
        }
        if (name.startsWith("/") || DRIVE.matcher(name).matches()) {
            throw Invalid.entry(name, "has an absolute path, it must be relative to the package");
        }
        if (!Text.sound(name) || name.chars().anyMatch(Character::isISOControl)) {
            throw Invalid.entry(name, "has a control character in its name");
        }
    }

    private static void part(String name, String part) {
        if (part.equals("..") || part.equals(".") || part.isEmpty()) {
            throw Invalid.entry(name, "has " + (part.isEmpty() ? "an empty part" : Text.shown(part)) + " in its path");
        }
        var bytes = part.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_PART) {
            throw Invalid.entry(
                    name, "has a part of " + bytes + " bytes in its path, at most " + LONGEST_PART + " are allowed");
        }
    }

    private void place(String name, String folded, boolean directory) {
        if (folded.equals(JAR)) {
            throw Invalid.entry(name, "has a name that is reserved for the platform's copy of the package");
        }
        if (!listed.add(folded) || (directory ? files : directories).contains(folded)) {
            throw Invalid.entry(name, "occurs twice (upper and lower case count as the same)");
        }
        if (directory) {
            directories.add(folded);
        } else {
            files.add(folded);
        }
        for (var slash = folded.lastIndexOf('/'); slash > 0; slash = folded.lastIndexOf('/', slash - 1)) {
            var above = folded.substring(0, slash);
            if (files.contains(above)) {
                throw Invalid.entry(name, "lies under an entry that is a file");
            }
            if (!directories.add(above)) {
                break; // so everything above it is known too
            }
        }
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
