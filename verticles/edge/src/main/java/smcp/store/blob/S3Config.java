package smcp.store.blob;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Blobs in an S3 bucket, block {@code blobs.s3}. Credentials are never here: they come from a file, or from where AWS programs look for them (environment, profile, container, instance).
 *
 * @param bucket its name; needed if blobs are kept in S3
 * @param region of the bucket; servers that know no regions take any
 * @param endpoint URL of a server other than AWS; null for AWS
 * @param pathStyle bucket in the path, not in the host name
 * @param prefix what every key begins with; so that several deployments can share a bucket
 * @param credentialsFile in the format of {@code ~/.aws/credentials}; null for the default places
 * @param profile of that file
 * @param partBytes of one part of a large blob; one is in memory for each blob being written
 * @param transfers most blobs that are read and written at once
 * @param attempts of one request
 * @param attemptTimeout for one attempt
 * @param callTimeout for all attempts of one request together
 * @param unfinished age at which an upload that was neither completed nor given up is removed; longer than any takes
 * @param patience how long a blob may stand still because of who writes or reads it
 */
public record S3Config(
        @JsonProperty("bucket") @Nullable String bucket,
        @JsonProperty(value = "region", required = true) String region,
        @JsonProperty("endpoint") @Nullable String endpoint,
        @JsonProperty(value = "pathStyle", required = true) boolean pathStyle,
        @JsonProperty(value = "prefix", required = true) String prefix,
        @JsonProperty("credentialsFile") @Nullable Path credentialsFile,
        @JsonProperty(value = "profile", required = true) String profile,
        @JsonProperty(value = "partBytes", required = true) int partBytes,
        @JsonProperty(value = "transfers", required = true) int transfers,
        @JsonProperty(value = "attempts", required = true) int attempts,

        @JsonProperty(value = "attemptTimeout", required = true)
        Duration attemptTimeout,

        @JsonProperty(value = "callTimeout", required = true)
        Duration callTimeout,

        @JsonProperty(value = "unfinished", required = true) Duration unfinished,

        @JsonProperty(value = "patience", required = true) Duration patience) {
    public static final S3Config DEFAULT = new S3Config(
            null,
            "us-east-1",
            null,
            false,
            "smcp",
            null,
            "default",
            8 << 20,
            32,
            4,
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofDays(1),
            Duration.ofMinutes(1));

    /** Of a multipart upload, but for the last (Amazon S3 User Guide, Multipart upload limits). */
    private static final int SMALLEST_PART = 5 << 20;

    public S3Config {
        match("blobs.s3.region", region, "[A-Za-z0-9-]{1,64}");
        match("blobs.s3.prefix", prefix, "[A-Za-z0-9][A-Za-z0-9-]{0,63}");
        match("blobs.s3.profile", profile, "[^\\p{Cntrl}\\[\\]]{1,128}");
        if (bucket != null) {
            match("blobs.s3.bucket", bucket, "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
        }
        if (endpoint != null) {
            url(endpoint);
        }
        Checks.between("blobs.s3.partBytes", partBytes, SMALLEST_PART, 1 << 30);
        Checks.between("blobs.s3.transfers", transfers, 1, 1_000);
        Checks.between("blobs.s3.attempts", attempts, 1, 10);
        Checks.between("blobs.s3.attemptTimeout", attemptTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        Checks.between("blobs.s3.callTimeout", callTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        Checks.between("blobs.s3.unfinished", unfinished, Duration.ofHours(1), Duration.ofDays(365));
        Checks.between("blobs.s3.patience", patience, Duration.ofMillis(100), Duration.ofHours(1));
    }

    private static void match(String field, String value, String shape) {
        if (!value.matches(shape)) {
            throw new IllegalArgumentException(field + " must match " + shape + ", got \"" + value + "\"");
        }
    }

    private static void url(String text) {
        var wrong = "blobs.s3.endpoint must be a URL such as https://s3.example.com:9000 without user and path, got \"";
        try {
            var url = URI.create(text);
            var path = url.getPath();
            if (url.getHost() == null
                    || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    || url.getUserInfo() != null
                    || !(path.isEmpty() || path.equals("/"))) {
                throw new IllegalArgumentException(wrong + text + "\"");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong + text + "\"", e);
        }
    }
}
