package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.store.redis.RedisConfig.Login;
import smcp.store.redis.RedisConfig.Tls;

/**
 * Makes connections. Each has a client of its own: closing a pooled connection only gives it back with whatever is under way on it, closing its client closes the socket. Used on the link's own context, to which the clients then belong.
 */
final class Dialer {
    private final Vertx vertx;
    private final RedisConfig config;

    Dialer(Vertx vertx, RedisConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** An open connection; {@code client} closes it. */
    record Dialed(Redis client, RedisConnection connection) {
        void close() {
            var _ = client.close(); // it has nothing to flush, and nobody waits for it
        }
    }

    /** To one of the servers that keep data. */
    Future<Dialed> server(Endpoint endpoint) {
        return dial(endpoint, config.login());
    }

    /** One question to a server over a connection of its own. */
    Future<Response> askServer(Endpoint endpoint, Request question) {
        return ask(server(endpoint), question, "the server asked answers nothing");
    }

    /**
     * One question to a sentinel.
     *
     * @param none what it means if it answers nothing
     */
    Future<Response> askSentinel(Endpoint endpoint, Request question, String none) {
        return ask(dial(endpoint, config.sentinelLogin()), question, none);
    }

    private Future<Response> ask(Future<Dialed> dialing, Request question, String none) {
        return dialing.compose(dialed -> dialed.connection()
                .send(question)
                .timeout(config.limits().connectMillis(), TimeUnit.MILLISECONDS)
                .compose(answer -> answer == null
                        ? Future.failedFuture(RedisFaults.unavailable(none))
                        : Future.succeededFuture(answer))
                .onComplete(_ -> dialed.close()));
    }

    private Future<Dialed> dial(Endpoint endpoint, @Nullable Login login) {
        RedisOptions options;
        try {
            options = options(endpoint, login);
        } catch (IOException e) {
            return Future.failedFuture(RedisFaults.unavailable("the password cannot be read: " + e));
        }
        var client = Redis.createClient(vertx, options);
        return client.connect()
                .timeout(config.limits().connectMillis(), TimeUnit.MILLISECONDS)
                .map(connection -> new Dialed(client, connection))
                .onFailure(_ -> client.close());
    }

    private RedisOptions options(Endpoint endpoint, @Nullable Login login) throws IOException {
        var limits = config.limits();
        var net = new NetClientOptions()
                .setConnectTimeout(limits.connectMillis())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        var tls = config.tls();
        if (tls != null) {
            secure(net, tls);
        }
        var options = new RedisOptions()
                .setType(RedisClientType.STANDALONE)
                .setConnectionString(endpoint.uri(tls != null))
                .setNetClientOptions(net)
                .setPreferredProtocolVersion(ProtocolVersion.RESP3)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setMaxWaitingHandlers(limits.waiting() + 16);
        if (login != null) {
            options.setUser(login.user()).setPassword(password(login));
        }
        return options;
    }

    private static void secure(NetClientOptions net, Tls tls) {
        net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        if (tls.caFile() != null) {
            net.setTrustOptions(new PemTrustOptions().addCertPath(tls.caFile().toString()));
        }
        if (tls.certFile() != null && tls.keyFile() != null) {
            net.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(tls.certFile().toString())
                    .addKeyPath(tls.keyFile().toString()));
        }
    }

    private static String password(Login login) throws IOException {
        var file = login.passwordFile();
        return file == null ? fromEnvironment(Objects.requireNonNull(login.passwordEnv())) : fromFile(file);
    }

    private static String fromEnvironment(String variable) throws IOException {
        var value = System.getenv(variable);
        if (value == null || value.isEmpty()) {
            throw new IOException("the environment has no variable " + variable);
        }
        return value;
    }

    private static String fromFile(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    static Request role() {
        return Request.cmd(Command.ROLE);
    }
}
