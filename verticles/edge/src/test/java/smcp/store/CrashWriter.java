package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.protocol.Json;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

/**
 * A process that writes until it is killed, many things at once, and says on its standard output what was acknowledged: a word for the kind of write and its number, and for values the lane before it.
 *
 * <p>Arguments: kind of store, where it is, the number to begin with, a seed.
 */
final class CrashWriter {
    static final StreamKey STREAM = new StreamKey(Samples.ACME, "s", "crash");
    static final ValueStore.Write WRITE =
            new ValueStore.Write(ValueStore.ANY, null, new ValueStore.Size(1_000, 1L << 40));

    private final Stores stores;
    private final PrintStream out;
    private final long base;
    private final Random random;

    private CrashWriter(Stores stores, PrintStream out, long base, long seed) {
        this.stores = stores;
        this.out = out;
        this.base = base;
        this.random = new Random(seed);
    }

    /** Starts one that begins with the number {@code base}; its errors go to {@code log}. */
    static Process start(CrashTarget target, Path log, long base, long seed) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
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
                CrashWriter.class.getName(),
                target.kind(),
                target.place(),
                Long.toString(base),
                Long.toString(seed)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        System.setOut(System.err); // the log must not come between
        var target = CrashTarget.of(arguments[0], arguments[1]);
        var stores = target.open(Vertx.vertx()).await(20, TimeUnit.SECONDS);
        var writer = new CrashWriter(stores, out, Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        writer.write();
    }

    private void write() throws Exception {
        stores.events().open(STREAM, "1", Instant.MAX).await(10, TimeUnit.SECONDS);
        var seq = stores.events()
                .read(STREAM, Long.MAX_VALUE - 1, 1, Samples.T0)
                .await(10, TimeUnit.SECONDS)
                .orElseThrow()
                .next();
        out.println("open");
        again("reg", base, this::pair);
        again("event", seq, n -> stores.events().append(STREAM, n, List.of(Json.of(Long.toString(n)))));
        again("session", base, this::session);
        again("spent", base, n -> stores.spent().spend(Samples.ACME, CrashPlan.state(n), Instant.MAX));
        again(
                "change",
                base,
                n -> stores.changes()
                        .append(Samples.ACME, ChangeLog.Kind.RESOURCE, "x://" + n)
                        .onSuccess(position -> out.println("position " + position)));
        for (var lane = 0; lane < CrashPlan.KEYS; lane++) {
            var key = lane;
            again("value " + lane, base, n -> value(key, n));
        }
    }

    /** Does {@code operation} for one number after the other, and says after each that it was acknowledged. */
    private void again(String word, long n, LongFunction<Future<?>> operation) {
        operation
                .apply(n)
                .onSuccess(_ -> {
                    out.println(word + " " + n);
                    again(word, n + 1, operation);
                })
                .onFailure(cause -> {
                    System.err.println(word + " " + n + ": " + cause);
                    // whoever kills the server of a store looks on: a writer that was refused has nothing more to say
                    Runtime.getRuntime().halt(3);
                });
    }

    private Future<?> pair(long n) {
        var id = new TenantId(CrashPlan.tenant(n));
        return stores.registry()
                .commit(List.of(
                        RegistryWrite.create(RegistryKey.tenant(id), Samples.tenant(CrashPlan.tenant(n), (int) n)),
                        RegistryWrite.create(
                                RegistryKey.sealingKey(id), new SealingKey(id, "x".repeat(random.nextInt(3_000))))));
    }

    /** A session of two states: the second is said to be there. */
    private Future<?> session(long n) {
        var session = Samples.session(Samples.ACME, CrashPlan.session(n));
        return stores.sessions()
                .create(session, Instant.MAX)
                .compose(_ -> stores.sessions().replace(session.withLogLevel("debug")));
    }

    private Future<?> value(int lane, long n) {
        var content = CrashPlan.value(lane, n);
        return content == null
                ? stores.values().delete(Samples.ACME, CrashPlan.key(lane), ValueStore.ANY)
                : stores.values().put(Samples.ACME, CrashPlan.key(lane), content, WRITE);
    }
}
