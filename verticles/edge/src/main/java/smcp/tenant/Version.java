package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * One immutable deployed package of a tenant.
 *
 * @param ref whose, and which
 * @param packageHash SHA-256 of the uploaded package, hex; its name in the blob store
 * @param packageBytes length of the package
 * @param deployed when
 * @param by who deployed it
 */
public record Version(
        @JsonProperty("ref") VersionRef ref,
        @JsonProperty("packageHash") String packageHash,
        @JsonProperty("packageBytes") long packageBytes,
        @JsonProperty("manifest") Manifest manifest,
        @JsonProperty("deployed") Instant deployed,
        @JsonProperty("by") String by) {}
