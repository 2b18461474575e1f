package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

/** Fills the file system it is given, and says how the stores take it. */
final class FullDisk {
    private static final String BULK = "x".repeat(200_000);

    private final PrintStream out;
    private final Path root;
    private int number;

    private FullDisk(PrintStream out, Path root) {
        this.out = out;
        this.root = root;
    }

    public static void main(String[] arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        System.setOut(System.err); // the log must not come between
        new FullDisk(out, Path.of(arguments[0])).run();
        System.exit(0);
    }

    private void run() throws Exception {
        var vertx = Vertx.vertx();
        var config = StoreConfig.defaults(root.resolve("data"));
        var stores = await(Stores.open(vertx, config));
        write(stores, false);
        fill();
        out.println("filled");
        write(stores, true);
        read(stores);
        out.println("read");
        Files.delete(root.resolve("filler"));
        out.println("freed");
        write(stores, true);
        await(stores.close());
        stores = await(Stores.open(vertx, config));
        read(stores);
        out.println("reopened");
        await(stores.close());
    }

    private void fill() throws IOException {
        var piece = new byte[64 << 10];
        try (var file =
                Files.newByteChannel(root.resolve("filler"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (file.write(java.nio.ByteBuffer.wrap(piece)) > 0) {}
        } catch (IOException e) {
            // no space left on the device
        }
    }

    /** One write of each kind, with more than a page's rest can take. */
    private void write(Stores stores, boolean said) throws Exception {
        number++;
        var id = new TenantId("t" + number);
        told(
                said,
                "values",
                stores.values().put(Samples.ACME, "k" + number, Buffer.buffer(BULK), ValueStoreContract.WRITE));
        told(
                said,
                "registry",
                stores.registry()
                        .commit(List.of(RegistryWrite.create(RegistryKey.sealingKey(id), new SealingKey(id, BULK)))));
        told(said, "sessions", sessions(stores));
    }

    private Future<Void> sessions(Stores stores) {
        return stores.changes()
                .append(Samples.ACME, smcp.contract.ChangeLog.Kind.RESOURCE, BULK.substring(0, 8_000))
                .compose(_ -> stores.sessions().create(Samples.session(Samples.ACME, "s" + number), Instant.MAX));
    }

    private void told(boolean said, String what, Future<?> write) throws TimeoutException {
        String line;
        try {
            var _ = await(write);
            line = what + ": written";
        } catch (Fault e) {
            line = what + ": " + e.kind() + " " + e.message();
        }
        if (said) {
            out.println(line);
        }
    }

    private static void read(Stores stores) throws TimeoutException {
        var value = await(stores.values().get(Samples.ACME, "k1")).orElseThrow();
        if (!value.content().toString().equals(BULK)
                || await(stores.sessions().find(Samples.ACME, "s1", Samples.T0)).isEmpty()
                || stores.registry().get(RegistryKey.sealingKey(new TenantId("t1"))) == null) {
            throw new IllegalStateException("what was written before is not there");
        }
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
