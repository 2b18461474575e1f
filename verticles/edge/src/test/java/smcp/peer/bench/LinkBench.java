package smcp.peer.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.ClientFacts;
import smcp.contract.Member;
import smcp.contract.TenantCall;
import smcp.contract.Usage;
import smcp.peer.PeerConfig;
import smcp.peer.PeerLinks;
import smcp.peer.PeerServer;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/**
 * A main for each part, each to be run as a process of its own, and loaded with an HTTP load generator: {@code echo PORT} answers what it is sent; {@code far PORT} does so behind a peer link; {@code near PORT FAR-PORT} sends
 * what it is sent there. The ratio of near to echo is what forwarding leaves of a node's throughput.
 */
public final class LinkBench {
    private static final VersionRef VERSION = new VersionRef(new TenantId("adder"), 1);

    private LinkBench() {}

    /** @param args role and ports */
    public static void main(String[] args) throws Exception {
        var vertx = Vertx.vertx();
        var port = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "echo" -> serve(vertx, port, 1, _ -> Future::succeededFuture);
            case "far" -> {
                TenantCall echo = (call, sink) -> {
                    sink.accept(CallEvent.Begun.NOW);
                    sink.accept(new CallEvent.Result(call.params()));
                    return TenantCall.Running.ENDED;
                };
                var _ = PeerServer.listen(
                                vertx, PeerConfig.DEFAULT.at("127.0.0.1", port), "far", echo, _ -> (_, _) -> {})
                        .await();
            }
            default -> near(vertx, port, Integer.parseInt(args[2]));
        }
        System.out.println(args[0] + " is up");
    }

    private static void near(Vertx vertx, int port, int far) {
        var member = new Member("00000000000000aa", "far", "far", "local", "a", "127.0.0.1", far, "1");
        serve(vertx, port, 1, own -> {
            var loop = ContextInternal.current();
            var links = PeerLinks.open(own, PeerConfig.DEFAULT, List.of(loop));
            links.joined(member);
            return body -> {
                var answer = loop.<Buffer>promise();
                var _ = links.on(member).start(call(body), (CallSink) event -> {
                    if (event instanceof CallEvent.Result result) {
                        answer.complete(Buffer.buffer(result.result().copy()));
                    } else if (event instanceof CallEvent.Broken broken) {
                        answer.fail(broken.fault());
                    }
                });
                return answer.future();
            };
        });
    }

    private static Call call(Buffer body) {
        var params = Json.of(body.getBytes());
        return new Call(
                VERSION,
                new Principal.Anonymous(),
                Permissions.ALL,
                new ClientFacts(Revision.V2026_07_28, Json.EMPTY_OBJECT, null, null),
                Method.TOOLS_CALL,
                "add",
                params,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                System.nanoTime() + Duration.ofSeconds(30).toNanos(),
                new Usage());
    }

    private static void serve(
            Vertx vertx, int port, int instances, Function<Vertx, Function<Buffer, Future<Buffer>>> making) {
        var _ = vertx.deployVerticle(() -> new Front(port, making), new DeploymentOptions().setInstances(instances))
                .await();
    }

    private static final class Front extends VerticleBase {
        private final int port;
        private final Function<Vertx, Function<Buffer, Future<Buffer>>> making;

        Front(int port, Function<Vertx, Function<Buffer, Future<Buffer>>> making) {
            this.port = port;
            this.making = making;
        }

        @Override
        public Future<?> start() {
            var answering = making.apply(vertx);
            return vertx.createHttpServer()
                    .requestHandler(request -> request.body()
                            .compose(answering)
                            .onSuccess(answer -> request.response().end(answer))
                            .onFailure(cause ->
                                    request.response().setStatusCode(503).end(String.valueOf(cause.getMessage()))))
                    .listen(port, "127.0.0.1");
        }
    }
}
