package smcp.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A registered resource template; made by {@link TemplateBuilder}. */
public record ResourceTemplate(
        String uriTemplate,
        String name,
        Labels labels,
        @Nullable String mimeType,
        @Nullable ContentAnnotations annotations,
        CachePolicy cache,
        Map<String, Completer> completers,
        Reader reader) {
    public ResourceTemplate {
        completers = Map.copyOf(completers);
    }

    /** The code behind a template; it runs again from its start in every round of questions to the client. */
    @FunctionalInterface
    public interface Reader {
        /** All contents at the URI; an empty list says that there is no such resource. */
        List<ResourceContents> read(Match match, Call call) throws Exception;
    }

    /** The URI that was asked for and the percent-decoded values of the template's variables in it. */
    public record Match(String uri, Map<String, String> variables) {
        /** The value of a variable of the template. */
        public String get(String variable) {
            var value = variables.get(variable);
            if (value == null) throw new IllegalArgumentException("the template has no variable " + variable);
            return value;
        }
    }
}
