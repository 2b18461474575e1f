package smcp.store;

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
import smcp.contract.EventLog.StreamKey;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.protocol.Json;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

/** A process that writes until it is killed, and says on its standard output what was acknowledged: {@code reg <n>} a commit of two records, {@code event <n>} a frame. */
final class CrashWriter {
    static final StreamKey STREAM = new StreamKey(Samples.ACME, "s", "crash");

    private CrashWriter() {}

    static Process start(Path data, long seed) throws IOException {
        var log = Files.createDirectories(data.toAbsolutePath().getParent()).resolve("crash-writer.log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                CrashWriter.class.getName(),
                data.toString(),
                Long.toString(seed)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        System.setOut(System.err); // the log must not come between
        var random = new Random(Long.parseLong(arguments[1]));
        var stores = Stores.open(Vertx.vertx(), StoreConfig.defaults(Path.of(arguments[0])))
                .await(20, TimeUnit.SECONDS);
        out.println("open");
        stores.events().open(STREAM, "1", Instant.MAX).await(10, TimeUnit.SECONDS);
        var number = stores.registry().list(RegistryKey.TENANTS).size();
        var seq = stores.events()
                .read(STREAM, Long.MAX_VALUE - 1, 1, Samples.T0)
                .await(10, TimeUnit.SECONDS)
                .orElseThrow()
                .next();
        while (true) {
            var n = number++;
            var s = seq++;
            var told = stores.registry().commit(pair(n, random.nextInt(3_000))).onSuccess(_ -> out.println("reg " + n));
            stores.events()
                    .append(STREAM, s, List.of(Json.of(Long.toString(s))))
                    .onSuccess(_ -> out.println("event " + s))
                    .await(10, TimeUnit.SECONDS);
            if (random.nextInt(4) == 0) { // at times several wait together and share a transaction
                told.await(10, TimeUnit.SECONDS);
            }
        }
    }

    private static List<RegistryWrite<?>> pair(int n, int filler) {
        var id = new TenantId(name(n));
        return List.of(
                RegistryWrite.create(RegistryKey.tenant(id), Samples.tenant(name(n), n)),
                RegistryWrite.create(RegistryKey.sealingKey(id), new SealingKey(id, "x".repeat(filler))));
    }

    static String name(int n) {
        return "t" + n;
    }
}
