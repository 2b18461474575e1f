package smcp.control;

import org.jspecify.annotations.Nullable;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Version;

/**
 * What a deploy made.
 *
 * @param active true if the version now serves; false if that was not wished, or if a deploy that began later is already serving
 * @param sameAs number of the newest earlier version made of the same bytes; null if there is none. The bytes being known does not stop a deploy: it starts them anew and gives them a number of
 *     their own, so that a deploy always ends in a version that says who deployed it and when
 */
public record Deployed(
        Version version,
        CatalogueEdition catalogue,
        boolean active,
        @Nullable Integer sameAs) {}
