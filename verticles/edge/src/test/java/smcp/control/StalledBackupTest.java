package smcp.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ControlNode;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.store.backup.Backup;
import smcp.store.backup.Tally;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.store.blob.ByteStream;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

/** A client that asks for a backup and then reads nothing. */
@Timeout(60)
class StalledBackupTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final int BLOB = 32 << 20;
    /** More than sockets hold between two ends of one machine, much less than the blob. */
    private static final int FEW = 16 << 20;

    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    /** Counts what the backup could write. */
    private static final class Counting extends FilterOutputStream {
        private final AtomicLong count;

        Counting(OutputStream out, AtomicLong count) {
            super(out);
            this.count = count;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count.addAndGet(length);
        }
    }

    /** A connection whose end takes little by itself. */
    private static Socket asking(int port, String head) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(ISO_8859_1));
        return socket;
    }

    private static void begins(Socket socket) throws IOException {
        assertThat(new String(socket.getInputStream().readNBytes(15), ISO_8859_1))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    /** Files of this process that are open below {@code directory}; Linux, proc(5). */
    private static long open(Path directory) throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(each -> leads(each, directory)).count();
        }
    }

    private static boolean leads(Path link, Path directory) {
        try {
            var to = Files.readSymbolicLink(link);
            return to.startsWith(directory) && to.toString().matches(".*/[0-9a-f]{64}");
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    private static long waiting(AtomicLong count) {
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(200))
                .until(() -> count.get() > 0 && last.getAndSet(count.get()) == count.get());
        return count.get();
    }

    @Test
    void theBackupWaitsWithLittleInMemoryTheStoresGoOnAndItsEndLeavesNothingOpen() throws Exception {
        var stores = get(Stores.open(vertx, StoreConfig.defaults(folder)));
        var blobs = get(Blobs.open(vertx, BlobConfig.DEFAULT, folder));
        var tenant = new Tenant(ACME, false, Trust.UNTRUSTED, Limits.Wish.NONE, List.of(), 0, Instant.EPOCH);
        get(stores.registry().commit(List.of(RegistryWrite.create(RegistryKey.tenant(ACME), tenant))));
        var noise = new byte[BLOB];
        new Random(1).nextBytes(noise);
        var key = BlobKey.of(ACME, "large");
        assertThat(get(blobs.blobs().put(key, ByteStream.of(vertx, noise), Condition.ALWAYS, BLOB))
                        .bytes())
                .isEqualTo(BLOB);

        var written = new AtomicLong();
        var ended = new CompletableFuture<Throwable>();
        var endpoints = new BackupEndpoints(
                to -> {
                    try {
                        Backup.write(
                                stores.source(blobs.blobs()),
                                vertx.getOrCreateContext(),
                                "smcp test",
                                Instant.EPOCH,
                                new Counting(to, written),
                                new Tally());
                        ended.complete(new AssertionError("the backup was taken"));
                    } catch (IOException | RuntimeException e) {
                        ended.complete(e);
                        throw e;
                    }
                },
                SHORT);
        var server = get(vertx.createHttpServer()
                .requestHandler(request -> endpoints.send(request.response()))
                .listen(0, "127.0.0.1"));
        try (var client = asking(server.actualPort(), "GET / HTTP/1.1\r\nHost: 127.0.0.1")) {
            begins(client);
            var still = waiting(written);
            assertThat(still).isLessThan(FEW);
            assertThat(open(folder)).isEqualTo(1);
            var write = new ValueStore.Write(ValueStore.ANY, null, new ValueStore.Size(9, 99));
            assertThat(get(stores.values().put(ACME, "k", Buffer.buffer("v"), write)))
                    .isPositive();

            assertThat(ended.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the client took nothing for PT1S");
            assertThat(written.get()).isEqualTo(still);
            await().until(() -> open(folder) == 0);
        }
        get(server.close());
        get(blobs.close());
        get(stores.close());
    }

    @Test
    void theControlPlaneGoesOnRefusesASecondBackupAndMakesTheNextWhenTheClientHasGone() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        var node = new ControlNode(folder, to -> {
                    var piece = new byte[64 << 10];
                    try {
                        while (!ended.isDone()) {
                            to.write(piece);
                        }
                    } catch (IOException e) {
                        ended.complete(e);
                        throw e;
                    }
                })
                .start(vertx);
        var operator = new AdminClient(node.address(), node.operatorToken());
        var head = "POST /admin/v1/backup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nAuthorization: Bearer "
                + node.operatorToken();
        try (var client = asking(node.address().getPort(), head)) {
            begins(client);
            assertThat(operator.get("/admin/v1/tenants").status()).isEqualTo(200);
            var second = operator.send("POST", "/admin/v1/backup", "application/json", new byte[0]);
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isNotEmpty();
            assertThat(second.http().body()).contains("another backup is being made");
            client.setSoLinger(true, 0); // it is gone, as when its process is killed
        }
        assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("the client is gone");
        await().until(() -> operator.send("POST", "/admin/v1/backup", "application/json", new byte[0])
                        .status()
                == 200);
    }
}
