package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every list entry may say for people: title, description, icons, and foreign {@code _meta}, which is passed on untouched. */
public record Labels(
        @Nullable String title,
        @Nullable String description,
        List<Icon> icons,
        @Nullable ObjectNode meta) {
    static final Labels NONE = new Labels(null, null, List.of(), null);

    public Labels {
        icons = List.copyOf(icons);
    }

    Labels title(String title) {
        return new Labels(title, description, icons, meta);
    }

    Labels description(String description) {
        return new Labels(title, description, icons, meta);
    }

    Labels icons(Icon... icons) {
        return new Labels(title, description, List.of(icons), meta);
    }

    Labels meta(ObjectNode meta) {
        return new Labels(title, description, icons, meta.deepCopy());
    }
}
