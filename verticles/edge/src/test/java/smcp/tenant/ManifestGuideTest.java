package smcp.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page that lists the fields of {@code smcp.json} lists all of them. */
class ManifestGuideTest {
    @ParameterizedTest
    @ValueSource(classes = {Manifest.class, Limits.Wish.class})
    void everyFieldHasARow(Class<?> type) throws IOException {
        var guide = guide();
        assertThat(Stream.of(type.getRecordComponents()).map(field -> "\n| `" + field.getName() + "` |"))
                .allSatisfy(row -> assertThat(guide).contains(row));
    }

    @Test
    void theDefaultsAreThoseOfTheCode() throws IOException {
        var limits = Limits.DEFAULT;
        assertThat(guide())
                .contains(
                        "| `concurrency` | " + limits.concurrency() + " |",
                        "| `callTimeoutMs` | " + limits.callTimeout().toMillis() + " |",
                        "| `idleMs` | " + limits.idle().toMillis() + " |",
                        "| `responseBytes` | " + limits.responseBytes() + " |",
                        "| `blobBytes` | " + limits.storage().blobBytes() + " |");
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("../../docs/guides/smcp-json.md"));
    }
}
