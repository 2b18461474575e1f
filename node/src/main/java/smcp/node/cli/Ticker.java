package smcp.node.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import smcp.store.backup.Tally;
import smcp.store.backup.Tally.Count;

/** Shows how far a copy is, and ends one that stands still. */
final class Ticker implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final PrintWriter err;
    private final String what;
    private final Tally tally;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean stalled;

    private Ticker(PrintWriter err, String what, Tally tally) {
        this.err = err;
        this.what = what;
        this.tally = tally;
    }

    /** Of what the calling thread does from now on; it is interrupted when nothing comes for {@link #PATIENCE}. */
    static Ticker start(PrintWriter err, String what, Tally tally) {
        var ticker = new Ticker(err, what, tally);
        var worker = Thread.currentThread();
        var _ = Thread.ofVirtual().start(() -> ticker.tick(worker));
        return ticker;
    }

    private void tick(Thread worker) {
        try {
            Map<String, Count> before = Map.of();
            for (var still = Duration.ZERO; !over.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS); ) {
                var now = tally.counts();
                still = now.equals(before) ? still.plus(BETWEEN) : Duration.ZERO;
                if (!now.equals(before)) {
                    show(now);
                }
                before = now;
                if (still.compareTo(PATIENCE) >= 0) {
                    stalled = true;
                    worker.interrupt();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(Map<String, Count> counts) {
        err.println(what + ": " + line(counts));
        err.flush();
    }

    static String line(Map<String, Count> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().records() + " ("
                        + bytes(entry.getValue().bytes()) + ")")
                .collect(Collectors.joining(", "));
    }

    static String table(Map<String, Count> counts) {
        var table = new Table("SECTION", "RECORDS", "BYTES");
        counts.forEach((section, count) -> table.row(section, Long.toString(count.records()), bytes(count.bytes())));
        return table.toString();
    }

    private static String bytes(long bytes) {
        return bytes < 10 << 10 ? bytes + " B" : bytes < 10 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    boolean stalled() {
        return stalled;
    }

    @Override
    public void close() {
        over.countDown();
    }
}
