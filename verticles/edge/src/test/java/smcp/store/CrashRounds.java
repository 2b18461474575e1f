package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Lets a process write, kills it at a random moment, opens the store and looks. Again and again, on the same store. */
final class CrashRounds {
    /** Acknowledged writes after which the kill comes, at most. */
    private static final int LATEST = 3_000;

    private final CrashTarget target;
    private final Path log;
    private final long seed;
    private final CrashNotes notes = new CrashNotes();

    /** @param log what the writers print as errors goes there */
    CrashRounds(CrashTarget target, Path log, long seed) {
        this.target = target;
        this.log = log;
        this.seed = seed;
    }

    /**
     * Runs {@code rounds} of them; answers how many writes were acknowledged.
     *
     * @param told hears the number of each round that was passed
     * @throws AssertionError if something is missing, or half there
     */
    long run(int rounds, IntConsumer told) throws IOException, InterruptedException {
        var random = new Random(seed);
        var vertx = Vertx.vertx();
        try {
            for (var round = 1; round <= rounds; round++) {
                var about = target.kind() + ", seed " + seed + ", round " + round;
                var writer = CrashWriter.start(target, log, notes.beginRound(round), random.nextLong());
                killAfter(writer, 1 + random.nextInt(LATEST), random);
                target.revive();
                var stores = get(target.open(vertx));
                try {
                    notes.check(stores, about);
                } finally {
                    get(stores.close());
                }
                told.accept(round);
            }
        } finally {
            get(vertx.close());
        }
        return notes.acknowledged();
    }

    /** Kills when {@code lines} writes were acknowledged and some hundred microseconds more have passed, and takes in all that was said before. */
    private void killAfter(Process writer, int lines, Random random) throws IOException, InterruptedException {
        var nanos = random.nextInt(1_000_000);
        try (var said = writer.inputReader()) {
            var count = 0;
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                notes.note(line);
                if (count++ == lines) {
                    // not a wait for something: the moment of the kill is the random input of this run
                    for (var until = System.nanoTime() + nanos; System.nanoTime() < until; ) {
                        Thread.onSpinWait();
                    }
                    target.kill(writer.toHandle(), random); // Process.destroyForcibly would close what we read
                }
            }
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
