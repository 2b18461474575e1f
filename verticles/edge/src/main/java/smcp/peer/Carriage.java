package smcp.peer;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How both ends of the link set up HTTP/2 (RFC 9113) and TLS. */
final class Carriage {
    /** Calls under way on one connection. What is beyond is told at once that it was not taken; long before, tenants' own limits do. */
    static final int STREAMS = 10_000;
    /**
     * What one stream may send ahead of its reader. A reader that stands still costs this much memory and no more; a large answer over a way of 100 ms still moves at more than a megabyte a second.
     */
    private static final int STREAM_WINDOW = 128 << 10;
    /**
     * The window of the connection counts what slow streams hold back against all the others (RFC 9113 §5.2), so it must never be the first to be used up: it has room for 4,096 streams that stand still. It costs nothing
     * while they do not.
     */
    private static final int CONNECTION_WINDOW = 4_096 * STREAM_WINDOW;
    /** A large answer is cut into pieces of it, between which others get their turn. */
    private static final int FRAME = 64 << 10;

    private static final Set<String> TLS = Set.of("TLSv1.3");

    private Carriage() {}

    private static Http2Settings settings() {
        return new Http2Settings()
                .setInitialWindowSize(STREAM_WINDOW)
                .setMaxFrameSize(FRAME)
                .setMaxConcurrentStreams(STREAMS)
                .setPushEnabled(false);
    }

    static HttpServerOptions server(PeerConfig config, int port) {
        var longest =
                Math.max(config.pingEvery().toMillis(), config.pingWithin().toMillis());
        var options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(port)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(true)
                .setInitialSettings(settings())
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                // a cancelled call is a reset stream, and who sends many of them is a member
                .setHttp2RstFloodMaxRstFramePerWindow(Integer.MAX_VALUE)
                // the other end pings; one that says nothing for so long is gone, and its calls are cancelled
                .setReadIdleTimeout((int) (3 * longest))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        var tls = config.tls();
        if (tls == null) {
            return options;
        }
        options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(TLS);
        options.setKeyCertOptions(identity(tls)).setTrustOptions(trust(tls));
        return options;
    }

    static HttpClientOptions client(PeerConfig config) {
        var options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setInitialSettings(settings())
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                .setHttp2KeepAliveTimeout(0);
        var tls = config.tls();
        if (tls == null) {
            return options;
        }
        // the cluster's authority signs members and nobody else, so which name a certificate carries says nothing more
        options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                .setVerifyHost(false)
                .setEnabledSecureTransportProtocols(TLS);
        options.setKeyCertOptions(identity(tls)).setTrustOptions(trust(tls));
        return options;
    }

    private static PemKeyCertOptions identity(PeerConfig.Tls tls) {
        return new PemKeyCertOptions()
                .setCertPath(tls.certFile().toString())
                .setKeyPath(tls.keyFile().toString());
    }

    private static PemTrustOptions trust(PeerConfig.Tls tls) {
        return new PemTrustOptions().addCertPath(tls.caFile().toString());
    }
}
