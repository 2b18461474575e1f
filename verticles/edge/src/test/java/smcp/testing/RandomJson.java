package smcp.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** JSON as nobody prints it but everybody must pass on: odd numbers, needless escapes, white space anywhere, keys in any order. */
public final class RandomJson {
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1.50",
        "1E400",
        "-1e-400",
        "12345678901234567890123",
        "0.1000000000000000000001",
        "3e+07",
        "9007199254740993"
    };
    private static final String[] STRINGS = {
        "",
        "plain",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\ud800",
        "😀",
        "é",
        "\\/",
        "\\b\\f\\n\\r\\t",
        "\\\"",
        "\\\\",
        "\u2028",
        "}],{[",
        "a\\u0000b"
    };
    private static final String[] SPACES = {"", "", "", " ", "\t", "  ", "\r\n", "\n "};

    private final RandomGenerator random;

    public RandomJson(RandomGenerator random) {
        this.random = random;
    }

    private String one(String[] of) {
        return of[random.nextInt(of.length)];
    }

    public String space() {
        return one(SPACES);
    }

    public String string() {
        return "\"" + one(STRINGS) + one(STRINGS) + "\"";
    }

    public String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> one(NUMBERS);
            case 1, 2 -> string();
            case 3 -> "null";
            case 4 -> random.nextBoolean() ? "true" : "false";
            case 5 -> object(members(depth - 1));
            default -> "[" + space() + value(depth - 1) + space() + "," + space() + value(depth - 1) + space() + "]";
        };
    }

    /** Members with keys of their own, each {@code "key":value}. */
    public List<String> members(int depth) {
        var members = new ArrayList<String>();
        for (var i = random.nextInt(4); i > 0; i--) {
            members.add(member("\"k" + i + one(STRINGS) + "\"", value(depth)));
        }
        return members;
    }

    public String member(String key, String value) {
        return key + space() + ":" + space() + value;
    }

    /** An object of these members, in an order of chance, with white space wherever it may be. */
    public String object(List<String> members) {
        var left = new ArrayList<>(members);
        var out = new StringBuilder("{").append(space());
        while (!left.isEmpty()) {
            out.append(left.remove(random.nextInt(left.size()))).append(space());
            if (!left.isEmpty()) {
                out.append(",").append(space());
            }
        }
        return out.append("}").toString();
    }

    public boolean chance() {
        return random.nextBoolean();
    }
}
