package smcp.node.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The yardstick: a Vert.x server that parses the same call and prints the same answer with {@link JsonObject}, with the HTTP settings of the node and one event loop. It knows no tenants, keys, eras or
 * limits and checks nothing.
 */
public final class EchoServer extends VerticleBase {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** Runs until it is killed; prints where it listens. */
    public static void main(String[] args) {
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(new EchoServer()).onFailure(cause -> {
            System.err.println("the echo server does not start: " + cause);
            System.exit(1);
        });
    }

    @Override
    public Future<HttpServer> start() {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true))
                .requestHandler(EchoServer::serve)
                .listen()
                .onSuccess(server -> System.out.println("http://127.0.0.1:" + server.actualPort()
                        + (vertx.isNativeTransportEnabled() ? " native transport" : " NIO")));
    }

    private static void serve(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var answer = answer(body.toJsonObject()).toBuffer();
            var _ = request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(answer);
        });
    }

    private static JsonObject answer(JsonObject call) {
        var arguments = call.getJsonObject("params").getJsonObject("arguments");
        var sum = arguments.getInteger("a") + arguments.getInteger("b");
        var identity = new JsonObject().put("name", "adder").put("version", "1.0.0");
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", call.getValue("id"))
                .put(
                        "result",
                        new JsonObject()
                                .put("_meta", new JsonObject().put("io.modelcontextprotocol/serverInfo", identity))
                                .put("resultType", "complete")
                                .put(
                                        "content",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("type", "text")
                                                        .put("text", Integer.toString(sum)))));
    }
}
