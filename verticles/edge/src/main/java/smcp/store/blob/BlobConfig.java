package smcp.store.blob;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import smcp.store.Text;

/**
 * Where blobs and packages are kept, block {@code blobs:} of the node's configuration.
 *
 * @param kind which of the blocks below holds
 */
public record BlobConfig(
        @JsonProperty(value = "kind", required = true) Kind kind,
        @JsonProperty(value = "files", required = true) FilesConfig files,
        @JsonProperty(value = "s3", required = true) S3Config s3) {
    public static final BlobConfig DEFAULT = new BlobConfig(Kind.FILES, FilesConfig.DEFAULT, S3Config.DEFAULT);

    /** What keeps the blobs. */
    public enum Kind {
        FILES,
        S3;

        @JsonCreator
        static Kind parse(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "blobs.kind must be one of files, s3, got " + Text.shown(text)));
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public BlobConfig {
        if (kind == Kind.S3 && s3.bucket() == null) {
            throw new IllegalArgumentException("blobs.s3.bucket must be set if blobs.kind is s3");
        }
    }
}
