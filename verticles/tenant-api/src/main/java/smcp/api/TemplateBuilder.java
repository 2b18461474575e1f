package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a resource template up to its code, which registers it. Used by one thread. */
public final class TemplateBuilder {
    private final Mcp mcp;
    private final String uriTemplate;
    private final Map<String, Completer> completers = new HashMap<>();
    private String name;
    private Labels labels = Labels.NONE;
    private @Nullable String mimeType;
    private @Nullable ContentAnnotations annotations;
    private CachePolicy cache = CachePolicy.NONE;

    TemplateBuilder(Mcp mcp, String uriTemplate) {
        this.mcp = mcp;
        this.uriTemplate = uriTemplate;
        this.name = uriTemplate;
    }

    /** The name in the list; the template itself by default. */
    public TemplateBuilder name(String value) {
        name = value;
        return this;
    }

    /** A name for people. */
    public TemplateBuilder title(String title) {
        labels = labels.title(title);
        return this;
    }

    /** What the resources behind it hold. */
    public TemplateBuilder description(String description) {
        labels = labels.description(description);
        return this;
    }

    /** Pictures for user interfaces. */
    public TemplateBuilder icons(Icon... icons) {
        labels = labels.icons(icons);
        return this;
    }

    /** Foreign {@code _meta} of the list entry. */
    public TemplateBuilder meta(ObjectNode meta) {
        labels = labels.meta(meta);
        return this;
    }

    /** The media type if all resources behind it have the same. */
    public TemplateBuilder mimeType(String value) {
        mimeType = value;
        return this;
    }

    /** Audience, priority, last change. */
    public TemplateBuilder annotations(ContentAnnotations value) {
        annotations = value;
        return this;
    }

    /** How long what was read stays fresh. */
    public TemplateBuilder cache(CachePolicy policy) {
        cache = policy;
        return this;
    }

    /** Suggests values for a variable while a user types. */
    public TemplateBuilder complete(String variable, Completer completer) {
        completers.put(variable, completer);
        return this;
    }

    /** Registers it as text. */
    public void text(Body<String> body) {
        var type = mimeType;
        read((match, call) -> List.of(ResourceContents.text(match.uri(), type, body.of(match, call))));
    }

    /** Registers it as bytes. */
    public void bytes(Body<byte[]> body) {
        var type = mimeType;
        read((match, call) -> List.of(ResourceContents.blob(match.uri(), type, body.of(match, call))));
    }

    /** Registers it with code that yields any contents, or none if there is no such resource. */
    public void read(ResourceTemplate.Reader reader) {
        mcp.add(new ResourceTemplate(uriTemplate, name, labels, mimeType, annotations, cache, completers, reader));
    }

    /** One body of a resource behind a template. */
    @FunctionalInterface
    public interface Body<T> {
        /** The whole body. */
        T of(ResourceTemplate.Match match, Call call) throws Exception;
    }
}
