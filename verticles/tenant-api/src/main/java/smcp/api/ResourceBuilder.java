package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes a resource up to its code, which registers it. Used by one thread. */
public final class ResourceBuilder {
    private final Mcp mcp;
    private final String uri;
    private String name;
    private Labels labels = Labels.NONE;
    private @Nullable String mimeType;
    private @Nullable Long size;
    private @Nullable ContentAnnotations annotations;
    private CachePolicy cache = CachePolicy.NONE;

    ResourceBuilder(Mcp mcp, String uri) {
        this.mcp = mcp;
        this.uri = uri;
        this.name = uri;
    }

    /** The name in the list; the URI by default. */
    public ResourceBuilder name(String value) {
        name = value;
        return this;
    }

    /** A name for people. */
    public ResourceBuilder title(String title) {
        labels = labels.title(title);
        return this;
    }

    /** What it holds. */
    public ResourceBuilder description(String description) {
        labels = labels.description(description);
        return this;
    }

    /** Pictures for user interfaces. */
    public ResourceBuilder icons(Icon... icons) {
        labels = labels.icons(icons);
        return this;
    }

    /** Foreign {@code _meta} of the list entry. */
    public ResourceBuilder meta(ObjectNode meta) {
        labels = labels.meta(meta);
        return this;
    }

    /** The media type, in the list and on what {@link #text} and {@link #bytes} yield. */
    public ResourceBuilder mimeType(String value) {
        mimeType = value;
        return this;
    }

    /** The size in bytes, if known beforehand. */
    public ResourceBuilder size(long bytes) {
        size = bytes;
        return this;
    }

    /** Audience, priority, last change. */
    public ResourceBuilder annotations(ContentAnnotations value) {
        annotations = value;
        return this;
    }

    /** How long what was read stays fresh. */
    public ResourceBuilder cache(CachePolicy policy) {
        cache = policy;
        return this;
    }

    /** Registers it as text. */
    public void text(Body<String> body) {
        var type = mimeType;
        read(call -> List.of(ResourceContents.text(uri, type, body.of(call))));
    }

    /** Registers it as bytes. */
    public void bytes(Body<byte[]> body) {
        var type = mimeType;
        read(call -> List.of(ResourceContents.blob(uri, type, body.of(call))));
    }

    /** Registers it with code that yields any contents. */
    public void read(Resource.Reader reader) {
        mcp.add(new Resource(uri, name, labels, mimeType, size, annotations, cache, reader));
    }

    /** One body of a resource. */
    @FunctionalInterface
    public interface Body<T> {
        /** The whole body. */
        T of(Call call) throws Exception;
    }
}
