package smcp.store.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** An S3 API server (com.adobe.testing:s3mock) in a process of its own, started once for all tests and ended with them. Its buckets last as long. */
public final class S3Server {
    public static final String BUCKET = "blobs";

    /** Where the build of src/test/s3mock puts the server. */
    private static final Path LIB = lib();

    private static int port;

    private S3Server() {}

    /** Tests run in the directory of their module. */
    private static Path lib() {
        var here = Path.of("src/test/s3mock/target/lib");
        return Files.isDirectory(here) ? here : Path.of("../verticles/edge").resolve(here);
    }

    public static synchronized int port() {
        if (port == 0) {
            port = start();
        }
        return port;
    }

    public static String url() {
        return "http://127.0.0.1:" + port();
    }

    private static int start() {
        if (!Files.isDirectory(LIB)) {
            throw new AssertionError(
                    "these tests need the S3 server in " + LIB
                            + ": mvn -f verticles/edge/src/test/s3mock package puts it there, as does every build of the whole");
        }
        try {
            var http = freePort();
            var process = process(http, freePort());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !process.isAlive() || answers(http));
            if (!process.isAlive()) {
                throw new AssertionError("the S3 server ended: see target/s3mock/log");
            }
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process process(int http, int https) throws IOException {
        var directory = Files.createDirectories(Path.of("target/s3mock"));
        // the shell ends the server when our end of its input closes, however this process ends
        return new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        "\"$0\" \"$@\" & server=$!; cat >/dev/null; kill $server",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Dorg.springframework.boot.logging.LoggingSystem=none",
                        "-cp",
                        LIB + "/*",
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--http.port=" + http,
                        "--server.port=" + https,
                        "--server.address=127.0.0.1",
                        "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
                        "--com.adobe.testing.s3mock.store.root="
                                + Files.createTempDirectory(directory, "root").toAbsolutePath()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (var client = HttpClient.newHttpClient()) {
            var url = URI.create("http://127.0.0.1:" + port + "/" + BUCKET + "?list-type=2");
            return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
