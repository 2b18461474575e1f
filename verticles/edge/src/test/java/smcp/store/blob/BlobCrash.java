package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Range;

/** Lets a process write blobs, kills it at a random moment, opens the store and looks: what was acknowledged must be there whole, and nothing half. Again and again, on the same store. */
public final class BlobCrash {
    /** Numbers of one round; far more than a writer gets through. */
    private static final long ROUND = 1_000_000;
    /** Acknowledged writes after which the kill comes, at most. */
    private static final int LATEST = 150;
    /** Of names that are written once, how many of earlier rounds are looked at again. */
    private static final int REMEMBERED = 100;

    private final BlobCrashPlan plan;
    private final Path log;
    private final long seed;

    /** Hashes of what was written once. */
    private final Map<Long, String> once = new LinkedHashMap<>();
    /** The operation that a lane's name was seen to be of at the end of the round before; 0 for none. */
    private final Map<Integer, Long> seen = new HashMap<>();
    /** The newest acknowledged operation of each lane in this round. */
    private final Map<Integer, Long> written = new HashMap<>();

    private long base;
    private long acknowledged;

    private BlobCrash(BlobCrashPlan plan, Path log, long seed) {
        this.plan = plan;
        this.log = log;
        this.seed = seed;
    }

    /** Is that a store of blobs? */
    public static boolean knows(String kind) {
        return BlobCrashPlan.KINDS.contains(kind);
    }

    /**
     * Runs {@code kills} rounds; answers how many writes were acknowledged.
     *
     * @param place a directory of this run alone
     * @throws AssertionError if something is missing, or half there
     */
    public static long run(String kind, Path place, int kills, long seed, IntConsumer told)
            throws IOException, InterruptedException {
        var endpoint = kind.equals("s3") ? S3Server.url() : "-";
        var data = Files.createDirectories(place.resolve("data"));
        var crash = new BlobCrash(new BlobCrashPlan(kind, data, endpoint), place.resolve("writer.log"), seed);
        return crash.rounds(kills, told);
    }

    private long rounds(int kills, IntConsumer told) throws IOException, InterruptedException {
        var random = new Random(seed);
        var vertx = Vertx.vertx();
        try {
            for (var round = 1; round <= kills; round++) {
                base = round * ROUND + 1;
                written.clear();
                killAfter(
                        BlobCrashWriter.start(plan, log, base), 1 + random.nextInt(LATEST), random.nextInt(5_000_000));
                check(vertx, plan.kind() + ", seed " + seed + ", round " + round);
                told.accept(round);
            }
        } finally {
            BlobStoreContract.get(vertx.close());
        }
        return acknowledged;
    }

    private void killAfter(Process writer, int lines, int nanos) throws IOException, InterruptedException {
        var count = 0;
        try (var said = writer.inputReader()) {
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                note(line);
                if (++count == lines) {
                    // not a wait for something: the moment of the kill is the random input of this run
                    for (var until = System.nanoTime() + nanos; System.nanoTime() < until; ) {
                        Thread.onSpinWait();
                    }
                    var _ = writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close what we read
                }
            }
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(count).as("the writer ended by itself: see " + log).isGreaterThanOrEqualTo(lines);
    }

    /** Takes in a line of the writer; half a line, as a killed process may leave, says nothing. */
    private void note(String line) {
        var words = line.split(" ", -1);
        if (words.length != 3 || words[2].length() < Long.toString(base).length()) {
            return;
        }
        acknowledged++;
        var number = Long.parseLong(words[2]);
        switch (words[0]) {
            case "lane" -> written.put(Integer.parseInt(words[1]), number);
            case "once" -> once.put(number, words[1]);
            default -> throw new AssertionError("the writer said: " + line);
        }
    }

    private void check(Vertx vertx, String about) throws IOException {
        var backend = BlobStoreContract.get(plan.open(vertx));
        try {
            var blobs = backend.blobs();
            for (var lane = 0; lane < BlobCrashPlan.LANES; lane++) {
                lane(blobs, about, lane);
            }
            for (var each : once.entrySet()) {
                var content = read(blobs, BlobCrashPlan.once(each.getKey()));
                assertThat(content).as("%s: blob %d", about, each.getKey()).isNotNull();
                assertThat(hash(content))
                        .as("%s: blob %d", about, each.getKey())
                        .isEqualTo(each.getValue());
            }
            nothingHalf(blobs, about);
            forget(blobs);
        } finally {
            BlobStoreContract.get(backend.close());
        }
        if (plan.kind().equals("files")) {
            assertThat(plan.place().resolve("blobs/tmp")).as(about).isEmptyDirectory();
        }
    }

    /** What the newest acknowledged operation left, or the one that was under way. */
    private void lane(BlobStore blobs, String about, int lane) {
        var newest = written.get(lane);
        var before = newest == null ? seen.getOrDefault(lane, 0L) : newest;
        var underWay = newest == null ? base : newest + 1;
        var is = read(blobs, BlobCrashPlan.lane(lane));
        assertThat(matches(lane, before, is) || matches(lane, underWay, is))
                .as(
                        "%s: lane %d must be as operation %d or %d left it, but is %s",
                        about,
                        lane,
                        before,
                        underWay,
                        is == null ? "gone" : "of operation " + BlobCrashPlan.operation(is) + ", or damaged")
                .isTrue();
        seen.put(lane, is == null ? 0L : BlobCrashPlan.operation(is));
    }

    private boolean matches(int lane, long operation, byte @Nullable [] is) {
        var expected = operation == 0 ? null : plan.ofLane(lane, operation);
        return expected == null ? is == null : is != null && expected.equals(io.vertx.core.buffer.Buffer.buffer(is));
    }

    /** Everything that is listed, acknowledged or not, is one whole blob that somebody wrote. */
    private void nothingHalf(BlobStore blobs, String about) {
        @Nullable String after = null;
        do {
            var page = BlobStoreContract.get(blobs.list(BlobCrashPlan.SPACE, "once/", after, 500));
            for (var blob : page.blobs()) {
                var number = Long.parseLong(blob.name().substring("once/".length()));
                if (number >= base) {
                    assertThat(read(blobs, BlobCrashPlan.once(number)))
                            .as("%s: %s", about, blob.name())
                            .isEqualTo(plan.ofOnce(number).getBytes());
                }
            }
            after = page.next();
        } while (after != null);
    }

    /** Rounds would grow for ever. */
    private void forget(BlobStore blobs) {
        var oldest = once.keySet().iterator();
        for (var left = once.size(); left > REMEMBERED; left--) {
            BlobStoreContract.get(blobs.delete(BlobCrashPlan.once(oldest.next())));
            oldest.remove();
        }
    }

    private static byte @Nullable [] read(BlobStore blobs, BlobKey key) {
        var found = BlobStoreContract.get(blobs.get(key, Range.ALL));
        return found.isEmpty() ? null : BlobStoreContract.get(BlobStoreContract.read(found.get()));
    }

    static String hash(byte @Nullable [] content) {
        var digest = Digests.sha256();
        return content == null ? "none" : HexFormat.of().formatHex(digest.digest(content));
    }
}
