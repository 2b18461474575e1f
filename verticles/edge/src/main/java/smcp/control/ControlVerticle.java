package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.AuditTrail;
import smcp.contract.Backups;
import smcp.contract.KeyRing;
import smcp.contract.KeyRotation;
import smcp.contract.Nodes;
import smcp.contract.Registry;
import smcp.contract.Secrets;
import smcp.contract.StoreReport;

/** The control plane's own HTTP server: admin API, its description, and metrics. One instance; what it counts is confined to its event loop. */
public final class ControlVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ControlVerticle.class);
    /** Longer than the longest deploy is silent: five minutes to start (the most a limit allows), and what is around it. */
    private static final int IDLE_SECONDS = 400;

    private final ControlConfig config;
    private final Collaborators with;
    private @Nullable HttpServer server;

    /** What the control plane works with. */
    public record Collaborators(
            Registry registry,
            KeyRing keys,
            Deployment deployment,
            LogSource logs,
            Supplier<String> metrics,
            NodeFacts node,
            AuditTrail trail,
            Keeping keeping,
            Secrets secrets,
            KeyRotation vault,
            StoreReport stores,
            Backups backups,
            Nodes nodes,
            InstantSource clock) {}

    public ControlVerticle(ControlConfig config, Collaborators with) {
        this.config = config;
        this.with = with;
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(16 << 10)
                .setMaxFormAttributeSize(0);
        return clearUploads()
                .compose(_ ->
                        vertx.createHttpServer(options).requestHandler(router()).listen())
                .recover(cause -> Future.failedFuture(new BindException("the control plane cannot listen on "
                        + config.host() + ":" + config.port() + ": " + cause.getMessage()
                        + "; --admin-port or control.port gives it another port")))
                .onSuccess(listening -> {
                    server = listening;
                    log.atInfo()
                            .addKeyValue("address", config.host() + ":" + listening.actualPort())
                            .log("control plane started");
                });
    }

    /** The port it listens on; known once it is deployed. */
    public int port() {
        if (server == null) {
            throw new IllegalStateException("the control plane is not started");
        }
        return server.actualPort();
    }

    Router router() {
        var clients = new Clients(with.registry(), with.clock());
        var table = new ArrayList<Endpoint>();
        table.addAll(new NodeEndpoints(
                        with.node(), with.deployment().engines(), with.registry(), with.metrics(), with.clock())
                .table());
        table.addAll(new TenantEndpoints(with.registry(), with.deployment(), with.keeping(), with.logs(), with.clock())
                .table());
        table.addAll(new ValueEndpoints(with.registry(), with.keeping()).table());
        table.addAll(new BlobEndpoints(with.registry(), with.keeping().blobs()).table());
        table.addAll(new VersionEndpoints(with.registry(), with.deployment()).table());
        table.addAll(new ClientEndpoints(with.registry(), clients).table());
        table.addAll(new KeyEndpoints(with.registry(), with.keys(), clients, with.clock()).table());
        table.addAll(new SecretEndpoints(with.registry(), with.secrets()).table());
        table.addAll(new VaultEndpoints(with.vault()).table());
        table.addAll(new ClusterEndpoints(with.nodes()).table());
        table.addAll(new StoreEndpoints(with.stores()).table());
        table.addAll(new BackupEndpoints(with.backups()).table());
        return new AdminRoutes(vertx, config, new Doorkeeper(with.keys(), config), with.trail(), List.copyOf(table))
                .router();
    }

    /** What a killed node left half received. */
    private Future<?> clearUploads() {
        var files = vertx.fileSystem();
        var directory = config.uploads().toString();
        return files.mkdirs(directory, "rwx------")
                .compose(_ -> files.readDir(directory))
                .compose(found -> Future.join(found.stream()
                        .filter(path ->
                                String.valueOf(Path.of(path).getFileName()).startsWith(Bodies.UPLOAD_PREFIX))
                        .map(files::delete)
                        .toList()));
    }
}
