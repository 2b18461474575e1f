package smcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Redis servers of a test's own: real ones, on free ports, in directories that go with them. */
public final class RealRedis {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Redis waits 5 s for more replicas before it feeds the first. */
    private static final String NO_DELAY = "repl-diskless-sync-delay 0";

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "redis-killer"));
    }

    private RealRedis() {}

    /**
     * One server that keeps an append-only file, synced each second.
     *
     * @param settings more of redis.conf, such as {@code "appendfsync always"}
     */
    public static Server standalone(String... settings) {
        return new Server("redis-server", freePort(), List.of(settings)).start();
    }

    /** One server that also speaks TLS, on a port of its own. */
    public static Secured secured(String... settings) {
        var port = freePort();
        return new Secured(standalone(with(settings, "tls-port " + port).toArray(String[]::new)), port);
    }

    /** A master and its replica, watched by one sentinel that calls them {@code main}. */
    public static Watched sentinel(String... settings) {
        var master = standalone(with(settings, NO_DELAY).toArray(String[]::new));
        var replica = new Server(
                        "redis-server", freePort(), with(settings, "replicaof 127.0.0.1 " + master.port(), NO_DELAY))
                .start();
        await().atMost(PATIENCE).until(() -> replica.cli("INFO", "replication").contains("master_link_status:up"));
        var sentinel = new Server(
                        "redis-sentinel",
                        freePort(),
                        List.of(
                                "sentinel monitor main 127.0.0.1 " + master.port() + " 1",
                                "sentinel down-after-milliseconds main 300",
                                "sentinel failover-timeout main 2000"))
                .start();
        await().atMost(PATIENCE)
                .until(() -> sentinel.cli("SENTINEL", "REPLICAS", "main").contains(Integer.toString(replica.port())));
        return new Watched(master, replica, sentinel);
    }

    /** A Redis Cluster of three masters, each with {@code replicas} replicas. */
    public static Cluster cluster(int replicas, String... settings) {
        var servers = new ArrayList<Server>();
        for (var i = 0; i < 3 * (1 + replicas); i++) {
            var own = with(
                    settings,
                    "cluster-enabled yes",
                    "cluster-port " + freePort(),
                    "cluster-node-timeout 1000",
                    "cluster-replica-validity-factor 0",
                    NO_DELAY);
            servers.add(new Server("redis-server", freePort(), own).start());
        }
        var cluster = new Cluster(List.copyOf(servers));
        cluster.join();
        return cluster;
    }

    private static List<String> with(String[] settings, String... more) {
        return Stream.concat(Arrays.stream(more), Arrays.stream(settings)).toList();
    }

    /** One process: killed, started again on the same port and files, and removed with all it wrote. */
    public static final class Server implements AutoCloseable {
        private final String program;
        private final int port;
        private final List<String> settings;
        private final Path directory;
        private @Nullable Process process;

        private Server(String program, int port, List<String> settings) {
            this.program = program;
            this.port = port;
            this.settings = settings;
            this.directory = directory();
        }

        public int port() {
            return port;
        }

        public String address() {
            return "127.0.0.1:" + port;
        }

        /** Where it keeps its files. */
        public Path files() {
            return directory;
        }

        @CanIgnoreReturnValue
        public Server start() {
            var config = directory.resolve("redis.conf");
            try {
                if (!Files.exists(config)) { // a sentinel rewrites its own
                    Files.write(config, configuration());
                }
                var log = directory.resolve("log").toFile();
                var started = new ProcessBuilder(program, config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
                RUNNING.add(started);
                process = started;
            } catch (IOException e) {
                throw new AssertionError(
                        program
                                + " cannot be started; the tests of Redis need it: apt-get install redis-server redis-sentinel",
                        e);
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(this::answers);
            return this;
        }

        private List<String> configuration() {
            var lines =
                    new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "protected-mode no", "dir " + directory));
            if (program.equals("redis-server")) {
                lines.addAll(
                        List.of("save \"\"", "appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"));
            }
            lines.addAll(settings);
            return lines;
        }

        private boolean answers() {
            assertThat(Objects.requireNonNull(process).isAlive())
                    .withFailMessage(() -> program + " has ended:\n" + logged())
                    .isTrue();
            var answer = cli("PING");
            return answer.equals("PONG") || answer.startsWith("NOAUTH");
        }

        public String logged() {
            try {
                return Files.readString(directory.resolve("log"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What {@code redis-cli} prints. */
        @CanIgnoreReturnValue
        public String cli(String... words) {
            var command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
            command.addAll(List.of(words));
            try {
                var cli = new ProcessBuilder(command).redirectErrorStream(true).start();
                cli.getOutputStream().close();
                var answer = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(cli.waitFor(10, TimeUnit.SECONDS)).isTrue();
                return answer.strip();
            } catch (IOException e) {
                throw new AssertionError("redis-cli cannot be started: apt-get install redis-server", e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        public boolean alive() {
            return process != null && process.isAlive();
        }

        /** {@code kill -9}, and waits for the end. */
        public void kill() {
            var killed = process;
            if (killed != null) {
                killed.destroyForcibly().onExit().join();
                RUNNING.remove(killed);
            }
        }

        /** Stops it in its tracks: it is there, and answers nothing. */
        public void freeze() {
            signal("STOP");
        }

        public void thaw() {
            signal("CONT");
        }

        private void signal(String name) {
            try {
                var pid = Long.toString(Objects.requireNonNull(process).pid());
                assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                        .isZero();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            kill();
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * A server that also speaks TLS.
     *
     * @param port for TLS
     */
    public record Secured(Server server, int port) implements AutoCloseable {
        @Override
        public void close() {
            server.close();
        }
    }

    /** A master with its replica and sentinel. */
    public record Watched(Server master, Server replica, Server sentinel) implements AutoCloseable {
        @Override
        public void close() {
            sentinel.close();
            replica.close();
            master.close();
        }
    }

    /** The first three are the masters. */
    public record Cluster(List<Server> servers) implements AutoCloseable {
        private static final int SLOTS = 16_384;

        public List<String> addresses() {
            return servers.stream().map(Server::address).toList();
        }

        public List<Server> masters() {
            return servers.subList(0, 3);
        }

        private void join() {
            var first = servers.getFirst();
            for (var i = 0; i < 3; i++) {
                var server = servers.get(i);
                assertThat(server.cli("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1)))
                        .isEqualTo("OK");
                assertThat(server.cli(
                                "CLUSTER",
                                "ADDSLOTSRANGE",
                                Integer.toString(SLOTS * i / 3),
                                Integer.toString(SLOTS * (i + 1) / 3 - 1)))
                        .isEqualTo("OK");
            }
            for (var server : servers.subList(1, servers.size())) {
                var bus = first.settings.stream()
                        .filter(line -> line.startsWith("cluster-port "))
                        .findFirst()
                        .orElseThrow()
                        .substring("cluster-port ".length());
                assertThat(server.cli("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port()), bus))
                        .isEqualTo("OK");
            }
            await().atMost(PATIENCE).until(() -> servers.stream().allMatch(this::sees));
            for (var i = 3; i < servers.size(); i++) {
                var master = servers.get(i % 3).cli("CLUSTER", "MYID");
                assertThat(servers.get(i).cli("CLUSTER", "REPLICATE", master)).isEqualTo("OK");
            }
            await().atMost(PATIENCE).until(() -> servers.stream().skip(3).allMatch(Cluster::linked));
        }

        private boolean sees(Server server) {
            var info = server.cli("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + servers.size());
        }

        private static boolean linked(Server replica) {
            return replica.cli("INFO", "replication").contains("master_link_status:up");
        }

        @Override
        public void close() {
            servers.forEach(Server::close);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("smcp-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
