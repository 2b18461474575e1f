package smcp.store.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Settings for the server of the tests. */
public final class S3Setup {
    public static final String ACCESS_KEY = "AKIATESTTESTTESTTEST";
    public static final String SECRET = "notARealSecretNotARealSecret";

    /** For what is answered: long, because the machine may be busy. */
    static final Duration PATIENT = Duration.ofSeconds(8);

    /** For what is not answered: short, because a test waits for it. */
    static final Duration IMPATIENT = Duration.ofSeconds(1);

    private S3Setup() {}

    static S3Config config(String endpoint, Path folder) throws IOException {
        return config(endpoint, folder, S3Server.BUCKET, PATIENT);
    }

    /** Apart from what others keep in the same bucket. */
    public static S3Config under(String endpoint, Path folder, String prefix) throws IOException {
        return config(endpoint, folder, S3Server.BUCKET, PATIENT, prefix);
    }

    static S3Config config(String endpoint, Path folder, String bucket, Duration attempt) throws IOException {
        return config(endpoint, folder, bucket, attempt, "smcp");
    }

    private static S3Config config(String endpoint, Path folder, String bucket, Duration attempt, String prefix)
            throws IOException {
        var credentials = Files.writeString(
                folder.resolve("credentials"),
                "[tests]\naws_access_key_id=" + ACCESS_KEY + "\naws_secret_access_key=" + SECRET + "\n");
        return new S3Config(
                bucket,
                "us-east-1",
                endpoint,
                true,
                prefix,
                credentials,
                "tests",
                5 << 20,
                64,
                3,
                attempt,
                attempt.multipliedBy(3),
                Duration.ofDays(1),
                Duration.ofSeconds(10));
    }
}
