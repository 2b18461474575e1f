package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;

/**
 * A process that writes blobs until it is killed, several at once, and says on its standard output what was acknowledged: {@code lane <lane> <number>} or {@code once <sha-256> <number>}.
 *
 * <p>Arguments: those of the plan, and the number to begin with.
 */
final class BlobCrashWriter {
    private static final int PIECE = 10_000;

    private final Vertx vertx;
    private final BlobCrashPlan plan;
    private final BlobStore blobs;
    private final PrintStream out;

    private BlobCrashWriter(Vertx vertx, BlobCrashPlan plan, BlobStore blobs, PrintStream out) {
        this.vertx = vertx;
        this.plan = plan;
        this.blobs = blobs;
        this.out = out;
    }

    static Process start(BlobCrashPlan plan, Path log, long base) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile", ""),
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                BlobCrashWriter.class.getName(),
                plan.kind(),
                plan.place().toString(),
                plan.endpoint(),
                Long.toString(base)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        System.setOut(System.err); // the log must not come between
        var plan = new BlobCrashPlan(arguments[0], Path.of(arguments[1]), arguments[2]);
        var base = Long.parseLong(arguments[3]);
        var vertx = Vertx.vertx();
        var backend = plan.open(vertx).await(20, TimeUnit.SECONDS);
        var writer = new BlobCrashWriter(vertx, plan, backend.blobs(), out);
        vertx.runOnContext(_ -> writer.write(base));
    }

    private void write(long base) {
        for (var lane = 0; lane < BlobCrashPlan.LANES; lane++) {
            var own = lane;
            again(base, n -> lane(own, n));
        }
        again(base, this::once);
    }

    private void again(long n, LongFunction<Future<String>> operation) {
        operation
                .apply(n)
                .onSuccess(word -> {
                    out.println(word + " " + n);
                    again(n + 1, operation);
                })
                .onFailure(cause -> {
                    System.err.println(n + ": " + cause);
                    Runtime.getRuntime().halt(3);
                });
    }

    private Future<String> lane(int lane, long n) {
        var content = plan.ofLane(lane, n);
        var key = BlobCrashPlan.lane(lane);
        return (content == null ? blobs.delete(key) : put(key, content)).map("lane " + lane);
    }

    private Future<String> once(long n) {
        var content = plan.ofOnce(n);
        return put(BlobCrashPlan.once(n), content).map("once " + BlobCrash.hash(content.getBytes()));
    }

    private Future<?> put(BlobKey key, Buffer content) {
        var pieces = (content.length() + PIECE - 1) / PIECE;
        var stream = ByteStream.of(
                vertx, pieces, i -> content.getBuffer(i * PIECE, Math.min(content.length(), (i + 1) * PIECE)));
        return blobs.put(key, stream, Condition.ALWAYS, Long.MAX_VALUE);
    }
}
