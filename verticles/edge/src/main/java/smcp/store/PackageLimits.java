package smcp.store;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an uploaded package may be.
 *
 * @param maxBytes length of the upload
 * @param maxEntries files and directories in it
 * @param maxUnpackedBytes all its files together, unpacked
 * @param maxRatio unpacked to packed length of one file; files up to 1 MiB are exempt, since a page of blanks packs better than any bomb
 * @param maxNameBytes path of an entry in UTF-8
 * @param maxManifestBytes length of {@code smcp.json}
 */
public record PackageLimits(
        @JsonProperty(value = "maxBytes", required = true) long maxBytes,
        @JsonProperty(value = "maxEntries", required = true) int maxEntries,

        @JsonProperty(value = "maxUnpackedBytes", required = true)
        long maxUnpackedBytes,

        @JsonProperty(value = "maxRatio", required = true) int maxRatio,

        @JsonProperty(value = "maxNameBytes", required = true)
        int maxNameBytes,

        @JsonProperty(value = "maxManifestBytes", required = true)
        int maxManifestBytes) {
    public static final PackageLimits DEFAULT = new PackageLimits(64 << 20, 10_000, 256 << 20, 200, 1_000, 64 << 10);

    static final long RATIO_FROM = 1 << 20;

    public PackageLimits {
        Bounds.between("store.packages.maxBytes", maxBytes, 1_024, Integer.MAX_VALUE);
        Bounds.between("store.packages.maxEntries", maxEntries, 1, 65_534);
        Bounds.between("store.packages.maxUnpackedBytes", maxUnpackedBytes, 1_024, 1L << 40);
        Bounds.between("store.packages.maxRatio", maxRatio, 2, 2_000);
        Bounds.between("store.packages.maxNameBytes", maxNameBytes, 16, 4_000);
        Bounds.between("store.packages.maxManifestBytes", maxManifestBytes, 256, 1 << 20);
    }
}
