package smcp.engine;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.ChangeLog;
import smcp.contract.ClientFacts;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.contract.TenantCall;
import smcp.contract.TraceContext;
import smcp.contract.Usage;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** An engine on a worker pool of its own, and what it tells. */
final class Rig implements AutoCloseable, Engine.Listener {
    static final VersionRef VERSION = new VersionRef(new TenantId("acme"), 1);
    static final Duration SOON = Duration.ofSeconds(10);
    static final Limits LIMITS =
            new Limits(200, 256, Duration.ofSeconds(30), Duration.ofSeconds(10), 1 << 20, 100, Duration.ofMinutes(1));

    final List<String> printed = new CopyOnWriteArrayList<>();
    final List<String> changes = new CopyOnWriteArrayList<>();
    final List<Fault> lost = new CopyOnWriteArrayList<>();
    final Limits limits;
    final Engine engine;
    private final ExecutorService pool;

    Rig(Vertx vertx, EngineFactory factory, Path root, String entry, Limits limits) {
        this.limits = limits;
        pool = Executors.newFixedThreadPool(
                factory.poolSize(limits),
                Thread.ofPlatform().daemon().name("tenant-acme-", 0).factory());
        var manifest =
                new Manifest("acme \"1\"", "1.0", "Acmé", null, null, factory.kind(), entry, "Be kind.", null, false);
        engine = factory.create(new EngineFactory.Spec(VERSION, manifest, root, limits, vertx, pool), this);
    }

    /** A process that speaks the line by hand: {@code raw.mjs}. */
    static Rig raw(Vertx vertx, String entry, Limits limits) {
        var script = resource("raw.mjs");
        return new Rig(
                vertx,
                new JsEngines(JsConfig.of(script), TiedLauncher.ofThisMachine()),
                directory(script),
                entry,
                limits);
    }

    /** A tenant of this repository behind the real runner. */
    static Rig sample(Vertx vertx, String name) {
        var root = Path.of("../samples", name);
        return new Rig(vertx, js(), root, "server.mjs", LIMITS);
    }

    static JsEngines js() {
        return new JsEngines(JsConfig.of(Path.of("../tenant-js/runner.mjs")), TiedLauncher.ofThisMachine());
    }

    Rig started() {
        await(engine.start());
        return this;
    }

    Heard call(String tool, String arguments) {
        var heard = new Heard();
        var _ = engine.start(tool(tool, arguments), heard);
        return heard;
    }

    TenantCall.Running call(String tool, String arguments, Heard heard) {
        return engine.start(tool(tool, arguments), heard);
    }

    Call tool(String name, String arguments) {
        return tool(name, arguments, "0", null);
    }

    Call tool(String name, String arguments, @Nullable String token, @Nullable String level) {
        var params = Json.of("{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
        var call = call(Method.TOOLS_CALL, name, params, token, level, List.of(), null, null, null);
        return new Call(
                call.version(),
                call.principal(),
                call.permissions(),
                call.client(),
                call.method(),
                name,
                params,
                Json.of(arguments),
                call.foreignMeta(),
                call.progressToken(),
                null,
                null,
                null,
                call.deadlineNanos(),
                call.used());
    }

    Call call(
            Method method,
            String name,
            Json params,
            @Nullable String token,
            @Nullable String level,
            List<Json> foreign,
            @Nullable String trace,
            @Nullable Json answers,
            @Nullable String state) {
        var client = new ClientFacts(
                Revision.V2026_07_28,
                Json.of("{\"elicitation\":{}}"),
                Json.of("{\"name\":\"test\",\"version\":\"1\"}"),
                level == null ? null : Json.of(level));
        return new Call(
                VERSION,
                new Principal.Anonymous(),
                Permissions.ALL,
                client,
                method,
                name,
                params,
                null,
                foreign,
                token == null ? null : Json.of(token),
                answers,
                state,
                TraceContext.of(trace),
                System.nanoTime() + limits.callTimeout().toNanos(),
                new Usage());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 seconds", e);
        }
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Rig.class.getResource("/smcp/engine/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path directory(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    static boolean alive(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // a zombie is dead: its parent has not looked yet
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    static List<Long> children() {
        var children = new ArrayList<Long>();
        ProcessHandle.current().children().forEach(child -> children.add(child.pid()));
        return children;
    }

    @Override
    public void changed(ChangeLog.Kind kind, String uri) {
        changes.add(kind + " " + uri);
    }

    @Override
    public void printed(String line) {
        printed.add(line);
    }

    @Override
    public void lost(Fault why) {
        lost.add(why);
    }

    @Override
    public void close() {
        await(engine.close());
        pool.shutdownNow();
    }
}
