package smcp.store.quorum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;
import smcp.store.DataDir;

/**
 * This node's member of the group, and its way to the others. Who leads is known here at first hand, so requests go there directly; the client of the library would have to find out, and orders what needs no order.
 */
final class Member {
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.nameUUIDFromBytes("smcp registry".getBytes(StandardCharsets.UTF_8)));
    private static final long SNAPSHOT_MILLIS = 60_000;

    private final RaftPeerId self;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final RaftClientRpc rpc;
    private final Parameters parameters;
    private final RaftProperties properties;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ExecutorService trips = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("smcp-quorum-trip").factory());

    /** Links that are being made anew, so that it is done once. */
    private final Map<RaftPeerId, Boolean> renewing = new ConcurrentHashMap<>();

    /** Who leads, for one term. */
    record Leader(RaftPeerId id, long term) {}

    private Member(
            RaftPeerId self, RaftServer server, RaftClientRpc rpc, RaftProperties properties, Parameters parameters)
            throws IOException {
        this.self = self;
        this.server = server;
        this.division = server.getDivision(GROUP);
        this.rpc = rpc;
        this.properties = properties;
        this.parameters = parameters;
    }

    /** Blocks, for a second or so; nothing stays open on failure. */
    static Member start(QuorumConfig config, String self, Path directory, Replica replica) throws IOException {
        DataDir.privateDirectory(directory);
        DataDir.privateDirectory(directory.resolve("log"));
        var properties = RaftSettings.properties(config, self, directory);
        var parameters = RaftSettings.parameters(config);
        var members = group(config);
        var wanted = new CompletableFuture<Member>();
        var machine = new RegistryMachine(replica, config.limits().logBytes(), () -> {
            var _ = wanted.thenAccept(Member::takeSnapshot);
        });
        var id = RaftPeerId.valueOf(self);
        var server = RaftServer.newBuilder()
                .setServerId(id)
                .setGroup(members)
                .setStateMachine(machine)
                .setProperties(properties)
                .setParameters(parameters)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        var rpc = new GrpcFactory(parameters).newRaftClientRpc(ClientId.randomId(), properties);
        try {
            rpc.addRaftPeers(members.getPeers());
            server.start();
            var member = new Member(id, server, rpc, properties, parameters);
            wanted.complete(member);
            return member;
        } catch (IOException | RuntimeException e) {
            try (rpc;
                    server) {
                throw e;
            }
        }
    }

    private static RaftGroup group(QuorumConfig config) {
        return RaftGroup.valueOf(
                GROUP,
                config.members().keySet().stream()
                        .map(name -> RaftPeer.newBuilder()
                                .setId(name)
                                .setAddress(config.address(name).toString())
                                .build())
                        .toList());
    }

    /** Whom this member follows, itself perhaps; null while nobody is known to have a majority. */
    @Nullable
    Leader leader() {
        var info = division.getInfo();
        var leader = info.getLeaderId();
        if (leader == null || !info.isAlive() || (leader.equals(self) && !info.isLeaderReady())) {
            return null;
        }
        return new Leader(leader, info.getCurrentTerm());
    }

    boolean isAlive() {
        return division.getInfo().isAlive() && server.getLifeCycleState().isRunning();
    }

    /** The members there are, which an operator may have changed since the configuration was read. */
    Collection<RaftPeerId> members() {
        return division.getRaftConf().getAllPeers().stream()
                .map(RaftPeer::getId)
                .toList();
    }

    RaftPeerId self() {
        return self;
    }

    /** Asks {@code leader} to log {@code part}. The answer says only that the trip need not be made again. */
    CompletableFuture<RaftClientReply> send(RaftPeerId leader, Part part) {
        var message = Message.valueOf(UnsafeByteOperations.unsafeWrap(part.encoded()));
        return ask(leader, message, RaftClientRequest.writeRequestType());
    }

    /** Completes if {@code member} answers. */
    CompletableFuture<RaftClientReply> ping(RaftPeerId member) {
        return ask(member, Message.EMPTY, RaftClientRequest.staleReadRequestType(0));
    }

    private CompletableFuture<RaftClientReply> ask(RaftPeerId member, Message message, RaftClientRequest.Type type) {
        var request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(member)
                .setGroupId(GROUP)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        return member.equals(self) ? askHere(request) : CompletableFuture.supplyAsync(() -> askThere(request), trips);
    }

    private CompletableFuture<RaftClientReply> askHere(RaftClientRequest request) {
        try {
            return server.submitClientRequestAsync(request).thenApply(Member::accepted);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Blocks. Each trip is a stream of its own: those that the library shares are closed for all by one refusal, and stay closed. */
    private RaftClientReply askThere(RaftClientRequest request) {
        try {
            return accepted(rpc.sendRequest(request));
        } catch (IOException e) {
            renew(request.getServerId(), e);
            throw new UncheckedIOException(e);
        }
    }

    private static RaftClientReply accepted(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new IllegalStateException("refused", reply.getException());
        }
        return reply;
    }

    /** A broken link would be tried again after pauses that grow to minutes. Closing the old one may take seconds. */
    private void renew(RaftPeerId member, IOException failure) {
        if (!(failure instanceof RaftException) && renewing.putIfAbsent(member, true) == null) {
            trips.execute(() -> {
                var _ = rpc.handleException(member, failure, true);
                renewing.remove(member);
            });
        }
    }

    private void takeSnapshot() {
        var _ = server.snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(client, self, GROUP, calls.incrementAndGet(), SNAPSHOT_MILLIS, 1));
    }

    /** Makes the members of {@code config} those of the group. Blocks. */
    void reconfigure(QuorumConfig config) throws IOException {
        var wait = TimeDuration.valueOf(200, TimeUnit.MILLISECONDS);
        try (var admin = RaftClient.newBuilder()
                .setRaftGroup(RaftGroup.valueOf(GROUP, division.getRaftConf().getAllPeers()))
                .setProperties(properties)
                .setParameters(parameters)
                .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(20, wait))
                .build()) {
            var reply = admin.admin()
                    .setConfiguration(group(config).getPeers().stream().toList());
            if (!reply.isSuccess()) {
                throw new IOException("refused", reply.getException());
            }
        }
    }

    /** Blocks until no thread of it is left that belongs to it. */
    void stop() throws IOException {
        trips.shutdownNow();
        try (rpc;
                trips) {
            server.close();
        }
    }
}
