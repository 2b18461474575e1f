package smcp.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Address;
import smcp.bus.Fault;
import smcp.bus.RecordCodec;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.Member;
import smcp.contract.Members;

/** Real members on the loopback, each with its own ports. */
class ClusterTest {
    /** What a test asks of the nodes. */
    record Ask(String what) {}

    private static final Address<Ask, Acknowledged> ASK = new Address<>("test.ask", Ask.class, Acknowledged.class);

    @TempDir
    Path directory = Path.of("");

    private final List<HazelcastCluster> running = new ArrayList<>();

    @AfterEach
    void nobodyIsLeft() throws Exception {
        for (var cluster : running) {
            cluster.kill();
        }
        for (var cluster : running) {
            cluster.leave().await(10, SECONDS);
        }
    }

    private Future<HazelcastCluster> joining(ClusterConfig config, String id, String run) {
        return HazelcastCluster.join(
                config,
                new Cluster.Identity(id, run, "eu", "a", "smcp test"),
                7_001,
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2),
                InetAddress::getAllByName);
    }

    private HazelcastCluster joined(Future<HazelcastCluster> joining) throws Exception {
        var cluster = joining.await(20, SECONDS);
        running.add(cluster);
        RecordCodec.install(cluster.vertx());
        return cluster;
    }

    private static void serve(Cluster node, Queue<String> heard) throws Exception {
        ASK.on(node.members().self().id())
                .serve(node.vertx(), ask -> {
                    heard.add(node.members().self().name() + " " + ask.what());
                    return Future.succeededFuture(Acknowledged.YES);
                })
                .completion()
                .await(5, SECONDS);
    }

    /** Hears and remembers. */
    private static Queue<String> changes(Cluster node) {
        var heard = new ConcurrentLinkedQueue<String>();
        node.members().listen(new Members.Listener() {
            @Override
            public void joined(Member member) {
                heard.add("joined " + member.run() + " among " + runs(node));
            }

            @Override
            public void lost(Member member) {
                heard.add("lost " + member.run() + " among " + runs(node));
            }
        });
        return heard;
    }

    private static List<String> runs(Cluster node) {
        return node.members().others().stream().map(Member::run).toList();
    }

    @Test
    void nodesSeeEachOtherAskEachOtherAreLostAndComeBack() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        var ports = Trust.freePorts(2);
        var members = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        var a = joined(joining(trust.config("a", ports.get(0), members), "00000000000000aa", "run-a"));
        var changes = changes(a);
        var b = joined(joining(trust.config("b", ports.get(1), members), "00000000000000bb", "run-b1"));

        assertThat(b.members().others())
                .containsExactly(
                        new Member("00000000000000aa", "run-a", "a", "eu", "a", "127.0.0.1", 7_001, "smcp test"));
        await().untilAsserted(() -> assertThat(changes).containsExactly("joined run-b1 among [run-b1]"));

        var heard = new ConcurrentLinkedQueue<String>();
        serve(a, heard);
        serve(b, heard);
        a.everywhere().acknowledged(ASK, new Ask("over mutual TLS")).await(5, SECONDS);
        // perhaps more than once: what takes long is asked again
        assertThat(heard).containsOnly("b over mutual TLS");

        b.kill();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(changes).contains("lost run-b1 among []"));
        a.everywhere().acknowledged(ASK, new Ask("to nobody")).await(1, SECONDS);

        var again = joined(joining(trust.config("b", ports.get(1), members), "00000000000000bb", "run-b2"));
        await().untilAsserted(() -> assertThat(changes).contains("joined run-b2 among [run-b2]"));
        assertThat(runs(again)).containsExactly("run-a");

        again.leave().await(10, SECONDS);
        await().untilAsserted(() -> assertThat(changes).last().isEqualTo("lost run-b2 among []"));
        assertThat(again.leave().isComplete()).isTrue();
        assertThat(again.ended().isComplete()).isFalse();
    }

    @Test
    void aNodeWhoseHazelcastEndsByItselfSaysSo() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        var port = Trust.freePorts(1).getFirst();
        var a = joined(joining(trust.config("a", port, List.of("127.0.0.1:" + port)), "00000000000000aa", "run"));

        a.hazelcast().getLifecycleService().terminate();

        assertThat(a.ended().await(5, SECONDS)).contains("Hazelcast");
    }

    @Test
    void strangersStayOutside() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        var others = Trust.in(directory.resolve("others"));
        var ports = Trust.freePorts(4);
        var members = List.of("127.0.0.1:" + ports.getFirst());
        var discovery = new ClusterConfig.Discovery(members, null, null);
        var config = trust.config("a", ports.getFirst(), members);
        var a = joined(joining(config, "00000000000000aa", "run-a"));
        var heard = new ConcurrentLinkedQueue<String>();
        serve(a, heard);

        var withoutSecret = joining(others.config("x", ports.get(1), members), "00000000000000dd", "run-x");
        // knows the secret, shows a certificate of another authority
        var withoutCertificate = joining(
                Trust.config(
                        "y",
                        "127.0.0.1",
                        ports.get(2),
                        discovery,
                        trust.directory().resolve("cluster.secret"),
                        others.node("y")),
                "00000000000000ee",
                "run-y");
        var namesake = joining(
                Trust.config(
                        "a",
                        "127.0.0.1",
                        ports.get(3),
                        discovery,
                        trust.directory().resolve("cluster.secret"),
                        trust.node("b")),
                "00000000000000ff",
                "run-z");

        var x = joined(withoutSecret);
        assertThat(x.members().others()).isEmpty();
        var y = joined(withoutCertificate);
        assertThatThrownBy(() -> ASK.on("00000000000000aa")
                        .ask(y.vertx(), new Ask("let me in"), Duration.ofSeconds(1))
                        .await(5, SECONDS))
                .isInstanceOf(Fault.class);
        assertThat(heard).isEmpty();
        assertThatThrownBy(() -> namesake.await(15, SECONDS))
                .hasMessageContaining("cluster.nodeName must be unique, got a,");
        await().untilAsserted(() -> assertThat(runs(a)).containsExactly("run-y"));
        ofTheBus(a.vertx(), config, others);
        ofThePort(config.hazelcastPort());
        ofOtherClasses(y.hazelcast());
    }

    /** Neither without a certificate nor with one of another authority; and with the right one it works. */
    private static void ofTheBus(Vertx vertx, ClusterConfig config, Trust others) throws Exception {
        var right = NodeTls.read(Objects.requireNonNull(config.tls()), Instant.now());
        var wrong = NodeTls.read(others.node("y"), Instant.now());
        assertThat(greeted(vertx, config.busPort(), tls(right).setKeyCertOptions(right.keyCert())))
                .isTrue();
        assertThat(greeted(vertx, config.busPort(), tls(right))).isFalse();
        assertThat(greeted(vertx, config.busPort(), tls(right).setKeyCertOptions(wrong.keyCert())))
                .isFalse();
    }

    private static NetClientOptions tls(NodeTls tls) {
        return new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(tls.trust());
    }

    /** With TLS 1.3 the server looks at the certificate after the client is done, so the client only learns of it by what comes then: a closed connection, or silence. */
    private static boolean greeted(Vertx vertx, int port, NetClientOptions options) throws Exception {
        var client = vertx.createNetClient(options);
        try {
            return client.connect(port, "127.0.0.1")
                    .compose(socket -> Future.<Boolean>future(greeted -> {
                        socket.closeHandler(_ -> greeted.tryComplete(false));
                        socket.exceptionHandler(_ -> greeted.tryComplete(false));
                        var _ = vertx.timer(300, java.util.concurrent.TimeUnit.MILLISECONDS)
                                .onSuccess(_ -> greeted.tryComplete(true));
                    }))
                    .recover(_ -> Future.succeededFuture(false))
                    .await(5, SECONDS);
        } finally {
            client.close().await(5, SECONDS);
        }
    }

    /** Members only: no client protocol, no HTTP, no memcache. {@code HZX} is how Hazelcast says that it does not speak that here. */
    private static void ofThePort(int port) throws IOException {
        assertThat(answer(port, "HZC")).isEqualTo("HZC");
        assertThat(answer(port, "CP2")).isIn("", "HZX");
        assertThat(answer(port, "GET /hazelcast/health HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isIn("", "HZX");
        assertThat(answer(port, "version\r\n")).isIn("", "HZX");
    }

    private static String answer(int port, String greeting) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
        } catch (SocketException _) {
            return "";
        }
    }

    /** Something that would be run where it is read. */
    static final class Foreign implements Callable<String>, Serializable {
        @Override
        public String call() {
            return "ran";
        }
    }

    private static void ofOtherClasses(HazelcastInstance member) {
        var other = member.getCluster().getMembers().stream()
                .filter(each -> !each.localMember())
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> member.getExecutorService("x")
                        .submitToMember(new Foreign(), other)
                        .get(5, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("Resolving class " + Foreign.class.getName() + " is not allowed");
    }

    @Test
    void nodesFindEachOtherByAName() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        var port = Trust.freePorts(1).getFirst();
        var discovery = new ClusterConfig.Discovery(List.of(), "smcp.test:" + port, null);
        DnsDiscovery.Resolver names = name -> {
            assertThat(name).isEqualTo("smcp.test");
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3")};
        };
        var options = new VertxOptions().setEventLoopPoolSize(1);
        var two = HazelcastCluster.join(
                trust.config("two", "127.0.0.2", port, discovery),
                new Cluster.Identity("02", "2", "eu", "a", "smcp test"),
                1,
                options,
                names);
        var three = HazelcastCluster.join(
                trust.config("three", "127.0.0.3", port, discovery),
                new Cluster.Identity("03", "3", "eu", "a", "smcp test"),
                1,
                options,
                names);

        assertThat(two).isNotNull();
        var second = joined(two);
        var third = joined(three);

        await().untilAsserted(() -> assertThat(runs(second)).containsExactly("3"));
        await().untilAsserted(() -> assertThat(runs(third)).containsExactly("2"));
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingStarts() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        var none = new ClusterConfig.Discovery(List.of("127.0.0.1:1"), null, null);

        assertThatThrownBy(() -> joining(trust.config("a", "192.0.2.1", 5_701, none), "00", "r")
                        .await(5, SECONDS))
                .hasMessage(
                        "cluster.host must be a private or loopback address, got 192.0.2.1: Hazelcast's port has neither TLS nor authentication; cluster.insecurePublicHazelcast: true takes it nevertheless");
        assertThatThrownBy(() -> joining(trust.config("a", "0.0.0.0", 5_701, none), "00", "r")
                        .await(5, SECONDS))
                .hasMessageContaining("cluster.host must be one address of this machine");
        assertThatThrownBy(() -> joining(trust.config("a", "198.51.100.0/24", 5_701, none), "00", "r")
                        .await(5, SECONDS))
                .hasMessageContaining("a network in which this machine has an address, got 198.51.100.0/24");
        var short_ = Files.writeString(directory.resolve("short"), "secret");
        Files.setPosixFilePermissions(short_, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(
                        () -> joining(Trust.config("a", "127.0.0.1", 5_701, none, short_, trust.node("a")), "00", "r")
                                .await(5, SECONDS))
                .hasMessageContaining("must hold 43 to 512 letters");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        var trust = Trust.in(directory.resolve("trust"));
        try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = trust.config("a", taken.getLocalPort(), List.of("127.0.0.1:1"));

            assertThatThrownBy(() -> joining(config, "00", "r").await(15, SECONDS))
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort() + " (cluster.hazelcastPort)");
        }
    }

    @Test
    void aHeldPeerPortIsTakenByTheServerWhileItIsHeld() throws Exception {
        var vertx = Vertx.vertx();
        try (var port = PeerPort.hold(ClusterConfig.DEFAULT)) {
            assertThat(answer(port.number(), "anybody")).isEmpty();

            var server = vertx.createNetServer(
                            new NetServerOptions().setHost("127.0.0.1").setPort(port.number()))
                    .connectHandler(socket -> socket.write("yes"))
                    .listen()
                    .await(5, SECONDS);

            assertThat(server.actualPort()).isEqualTo(port.number());
            assertThat(answer(port.number(), "anybody")).isEqualTo("yes");
        } finally {
            vertx.close().await(5, SECONDS);
        }
    }

    @Test
    void aNodeThatIsAloneHasNobodyToAsk() throws Exception {
        var alone = Cluster.join(
                        ClusterConfig.DEFAULT,
                        new Cluster.Identity("aa", "r", "eu", "a", "smcp test"),
                        0,
                        new VertxOptions())
                .await(5, SECONDS);

        assertThat(alone.vertx().isClustered()).isFalse();
        assertThat(alone.members().others()).isEmpty();
        alone.everywhere().acknowledged(ASK, new Ask("nobody")).await(1, SECONDS);
        alone.leave().await(5, SECONDS);
    }
}
