package smcp.peer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore;
import smcp.contract.CallEvent;
import smcp.contract.LegacyRequest;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.PeerBlobs;
import smcp.contract.PeerCalls;
import smcp.contract.Reply;
import smcp.contract.TenantCall;

/** The links to all other members: opened when one joins, closed when it is lost. */
public final class PeerLinks implements PeerCalls, PeerBlobs, Members.Listener {
    private final Vertx vertx;
    private final PeerConfig config;
    private final Versions versions;
    private final int streams;
    private final HttpClientAgent client;
    private final List<ContextInternal> loops;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, PeerLink> links = new ConcurrentHashMap<>();

    private PeerLinks(Vertx vertx, PeerConfig config, Versions versions, int streams, List<ContextInternal> loops) {
        this.vertx = vertx;
        this.config = config;
        this.versions = versions;
        this.streams = streams;
        this.loops = List.copyOf(loops);
        this.client = vertx.createHttpClient(Carriage.client(config));
    }

    /**
     * Links to nobody yet: {@link #joined} opens one. Made to be given to {@link #follow}.
     *
     * @param loops contexts that calls come from. A call whose event loop has a connection of its own changes threads nowhere; empty: any event loops
     */
    public static PeerLinks open(Vertx vertx, PeerConfig config, List<ContextInternal> loops) {
        return new PeerLinks(vertx, config, Versions.OURS, Line.STREAMS_OF_A_CONNECTION, loops);
    }

    static PeerLinks open(Vertx vertx, PeerConfig config, Versions versions, int streams) {
        return new PeerLinks(vertx, config, versions, streams, List.of());
    }

    /** Has a link to every other member, from now on. */
    public void follow(Members members) {
        members.listen(this);
        members.others().forEach(this::joined);
        // who was lost between the two is not heard of again
        links.values().stream()
                .map(link -> link.member)
                .filter(known -> members.others().stream().noneMatch(known::is))
                .forEach(this::lost);
    }

    @Override
    public void joined(Member member) {
        links.computeIfAbsent(
                        member.run(), _ -> new PeerLink(vertx, client, config, versions, streams, member, this::loop))
                .open();
    }

    private ContextInternal loop() {
        return loops.isEmpty()
                ? ((VertxInternal) vertx).createEventLoopContext()
                : loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    @Override
    public void lost(Member member) {
        var link = links.remove(member.run());
        if (link != null) {
            link.close("it was removed from the cluster");
        }
    }

    @Override
    public TenantCall on(Member member) {
        var link = links.get(member.run());
        return link != null
                ? link
                : (_, sink) -> {
                    sink.accept(new CallEvent.Broken(noLink(member)));
                    return TenantCall.Running.ENDED;
                };
    }

    @Override
    public void serve(Member member, LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost) {
        var link = links.get(member.run());
        if (link == null) {
            lost.accept(noLink(member));
        } else {
            link.serve(request, reply, lost);
        }
    }

    @Override
    public Future<Optional<BlobStore.Reading>> fetch(Member member, BlobStore.BlobKey key) {
        if (!Packages.travels(key)) {
            return Future.failedFuture(
                    new Fault(Kind.INVALID_INPUT, "only packages, by their hash, are fetched from other nodes"));
        }
        var link = links.get(member.run());
        return link == null ? Future.failedFuture(noLink(member)) : link.fetch(key);
    }

    private static Fault noLink(Member member) {
        return new Fault(Kind.NODE_UNREACHABLE, "node " + member.name() + " is not in the cluster");
    }

    @Override
    public OptionalLong roundTripNanos(Member member) {
        var link = links.get(member.run());
        return link == null ? OptionalLong.empty() : link.roundTrip().nanos();
    }

    /** Closes all links; calls under way end. */
    public Future<Void> close() {
        links.values().forEach(link -> link.close("this node is closing"));
        links.clear();
        return client.close();
    }
}
