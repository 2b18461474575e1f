package smcp.store.blob;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import smcp.contract.BlobStore.BlobKey;

/**
 * Keys in the bucket: {@code <prefix>/<space>/<name>}, the name in base32hex (RFC 4648 §7, lower case, no padding), closed by {@code !} and broken by {@code /} after every {@value #SEGMENT} characters.
 *
 * <p>Base32hex sorts as the bytes it stands for, and {@code !} sorts before all its letters, so a bucket lists names in the order of their UTF-8. Its letters mean the same to every server and proxy: no {@code ..}, no {@code //}, no
 * Unicode that somebody normalises, no case that somebody folds. Escapes with readable names were not taken because a name of 512 bytes must fit into the 1,024 bytes of a key: this needs 820, escapes up to 1,536. Servers that keep keys as
 * paths bound a segment to 255 bytes (hence the breaks), and cannot have a key that is the beginning of another one's path (hence the closing mark).
 */
final class S3Keys {
    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuv";
    private static final char END = '!';
    private static final int SEGMENT = 200;

    private final String prefix;

    S3Keys(String prefix) {
        this.prefix = prefix;
    }

    String key(BlobKey key) {
        return space(key.space()) + broken(letters(utf8(key.name()), true) + END);
    }

    /** What all our keys begin with. */
    String all() {
        return prefix + "/";
    }

    /** What all keys of a space begin with. */
    String space(String space) {
        return prefix + "/" + space + "/";
    }

    /** What the keys of all names with this prefix begin with; others may too, since a letter holds five bits. */
    String beginning(String space, String names) {
        return space(space) + broken(letters(utf8(names), false));
    }

    /** The greatest text before the keys of all names with this prefix, and after those of all lesser names. */
    String before(String space, String names) {
        return space(space) + broken(letters(utf8(names), true));
    }

    /** The name that {@code key} stands for; nothing if it is none of ours. */
    Optional<String> name(String space, String key) {
        if (!key.startsWith(space(space)) || key.charAt(key.length() - 1) != END) {
            return Optional.empty();
        }
        var body = key.substring(space(space).length(), key.length() - 1).replace("/", "");
        var bytes = new byte[body.length() * 5 / 8];
        var bits = 0;
        var held = 0;
        var at = 0;
        for (var i = 0; i < body.length(); i++) {
            var value = LETTERS.indexOf(body.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            held = (held << 5 | value) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >>> bits);
            }
        }
        var name = new String(bytes, StandardCharsets.UTF_8);
        return name.isEmpty() || !key(new BlobKey(space, name)).equals(key) ? Optional.empty() : Optional.of(name);
    }

    /** @param rest with the last letter even if not all its bits are given */
    private static String letters(byte[] bytes, boolean rest) {
        var text = new StringBuilder(bytes.length * 8 / 5 + 2);
        var bits = 0;
        var held = 0;
        for (var one : bytes) {
            held = (held << 8 | (one & 0xff)) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(LETTERS.charAt(held >>> (bits - 5) & 31));
            }
        }
        if (rest && bits > 0) {
            text.append(LETTERS.charAt(held << (5 - bits) & 31));
        }
        return text.toString();
    }

    private static String broken(String letters) {
        if (letters.length() <= SEGMENT) {
            return letters;
        }
        var text = new StringBuilder(letters.length() + 8);
        for (var from = 0; from < letters.length(); from += SEGMENT) {
            if (from > 0) {
                text.append('/');
            }
            text.append(letters, from, Math.min(from + SEGMENT, letters.length()));
        }
        return text.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
