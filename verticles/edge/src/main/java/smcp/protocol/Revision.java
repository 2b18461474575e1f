package smcp.protocol;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The MCP revisions this edge serves, oldest first. */
public enum Revision {
    V2025_11_25("2025-11-25", Era.LEGACY),
    V2026_07_28("2026-07-28", Era.MODERN);

    /** How a revision opens and what it keeps. */
    public enum Era {
        /** {@code initialize}, sessions, streams that outlive a connection. */
        LEGACY,
        /** Everything in each request. */
        MODERN
    }

    /** What {@code server/discover} and the data of {@code -32022} name: one constant for both (digest §2.3). */
    public static final List<Revision> MODERN = List.of(V2026_07_28);

    public static final Revision NEWEST_LEGACY = V2025_11_25;

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final String id;
    private final Era era;

    Revision(String id, Era era) {
        this.id = id;
        this.era = era;
    }

    public String id() {
        return id;
    }

    public boolean modern() {
        return era == Era.MODERN;
    }

    /** The revision with this id, if it is served here. */
    public static @Nullable Revision of(@Nullable String id) {
        for (var revision : values()) {
            if (revision.id.equals(id)) {
                return revision;
            }
        }
        return null;
    }

    /**
     * Does {@code id} look like a revision of the modern era, served here or not? Ids are dates, so strings order them (digest, "How to read it").
     */
    public static boolean namesModern(@Nullable String id) {
        return V2026_07_28.id.equals(id)
                || (id != null && DATE.matcher(id).matches() && id.compareTo(V2026_07_28.id) >= 0);
    }
}
