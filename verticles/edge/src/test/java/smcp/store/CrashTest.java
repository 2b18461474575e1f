package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writing process at random moments. What it said was acknowledged must be there, and nothing may be half there. {@code scripts/crash} does the same for as long as one likes. */
class CrashTest {
    private static final long SEED = 20_260_728;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    @Test
    @Timeout(180)
    void whatWasAcknowledgedSurvivesTheKillOfTheNode() throws Exception {
        var target = new CrashTarget.Sqlite(directory.resolve("data"));

        var acknowledged = new CrashRounds(target, directory.resolve("writer.log"), SEED).run(ROUNDS, _ -> {});

        assertThat(acknowledged).isGreaterThan(ROUNDS * 100);
    }
}
