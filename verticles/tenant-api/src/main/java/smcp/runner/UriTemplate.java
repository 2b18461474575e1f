package smcp.runner;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of RFC 6570 that can be read backwards without guessing: literals, simple expansion <code>{var}</code> (§3.2.2), which
 * stops at <code>/ ? #</code>, and reserved expansion <code>{+var}</code> (§3.2.3), which does not. Everything else is refused.
 */
final class UriTemplate {
    private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern SUPPORTED = Pattern.compile("\\+?[A-Za-z0-9_]+(?:\\.[A-Za-z0-9_]+)*");

    private final List<String> names;
    private final Pattern pattern;

    private UriTemplate(List<String> names, Pattern pattern) {
        this.names = List.copyOf(names);
        this.pattern = pattern;
    }

    static UriTemplate parse(String template) {
        var names = new ArrayList<String>();
        var regex = new StringBuilder();
        var expressions = EXPRESSION.matcher(template);
        int at = 0;
        while (expressions.find()) {
            var literal = template.substring(at, expressions.start());
            if (literal.isEmpty() && !names.isEmpty())
                throw refused(template, "two expressions need a literal between them, at " + expressions.group());
            regex.append(literal(template, literal)).append(group(template, expressions.group(1), names));
            at = expressions.end();
        }
        if (names.isEmpty()) throw refused(template, "it has no expression; register it as a resource");
        regex.append(literal(template, template.substring(at)));
        return new UriTemplate(names, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    private static String literal(String template, String literal) {
        if (literal.indexOf('{') >= 0 || literal.indexOf('}') >= 0)
            throw refused(template, "unbalanced brace in " + literal);
        return Pattern.quote(literal);
    }

    private static String group(String template, String expression, List<String> names) {
        if (!SUPPORTED.matcher(expression).matches())
            throw refused(template, "{" + expression + "} is not supported; use {name} or {+name}");
        boolean reserved = expression.startsWith("+");
        var name = reserved ? expression.substring(1) : expression;
        if (names.contains(name)) throw refused(template, "variable " + name + " occurs twice");
        names.add(name);
        return reserved ? "(.+)" : "([^/?#]+)";
    }

    private static IllegalArgumentException refused(String template, String why) {
        return new IllegalArgumentException("resource template " + template + ": " + why);
    }

    List<String> names() {
        return names;
    }

    /** The variables' values, percent-decoded, if the URI is one of this template's. */
    Optional<Map<String, String>> match(String uri) {
        var matcher = pattern.matcher(uri);
        if (!matcher.matches()) return Optional.empty();
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            try {
                // The decoder is for forms, where + is a space; in a URI it is itself.
                var escaped = matcher.group(i + 1).replace("+", "%2B");
                values.put(names.get(i), URLDecoder.decode(escaped, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // a broken percent escape: no such resource
            }
        }
        return Optional.of(values);
    }
}
