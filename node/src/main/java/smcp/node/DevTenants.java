package smcp.node;

import io.vertx.core.Future;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.control.Deployment.Activation;
import smcp.node.cli.Packaging;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.VersionRef;

/** Deploys packages of the operator's own at the start of a development node: open to everybody who reaches the node, and signed for. */
final class DevTenants {
    private static final long SECONDS = 60;
    private final Node node;

    DevTenants(Node node) {
        this.node = node;
    }

    /** By tenant: why it is not served; empty if it is. */
    Map<String, String> deploy(Map<String, Path> packages) throws IOException {
        var outcomes = new LinkedHashMap<String, String>();
        // all of them before the first is deployed: what cannot be packed ends the node, and no deploy is to be under
        // way then
        var packed = new LinkedHashMap<String, Packaging.Packed>();
        for (var entry : packages.entrySet()) {
            packed.put(entry.getKey(), Packaging.pack(entry.getValue()));
        }
        var running = new LinkedHashMap<String, Future<String>>();
        for (var entry : packed.entrySet()) {
            running.put(entry.getKey(), deploy(new TenantId(entry.getKey()), entry.getValue()));
        }
        running.forEach((tenant, outcome) -> outcomes.put(tenant, await(outcome)));
        return outcomes;
    }

    private Future<String> deploy(TenantId id, Packaging.Packed packed) throws IOException {
        var key = RegistryKey.tenant(id);
        var there = node.registry().get(key);
        var record = new Tenant(
                id,
                true,
                Trust.OPERATOR,
                Limits.Wish.NONE,
                List.of(),
                0,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        var created = there == null
                ? node.registry().commit(List.of(RegistryWrite.create(key, record)))
                : Future.<Void>succeededFuture();
        var hash = hash(packed.file());
        return created.compose(_ -> serves(id, hash)
                        ? Future.succeededFuture("")
                        : node.deployment()
                                .deploy(id, packed.file(), "smcp dev", Activation.ACTIVATE)
                                .map(""))
                .otherwise(cause -> Fault.from(cause).message())
                .onComplete(_ -> packed.discard());
    }

    private boolean serves(TenantId id, String hash) {
        var tenant = node.registry().get(RegistryKey.tenant(id));
        return tenant != null
                && tenant.value().active().stream()
                        .map(Share::version)
                        .map(number -> node.registry().get(RegistryKey.version(new VersionRef(id, number))))
                        .anyMatch(version ->
                                version != null && version.value().packageHash().equals(hash));
    }

    private static String hash(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String await(Future<String> outcome) {
        try {
            return outcome.await(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return "not deployed within " + SECONDS + " s";
        }
    }

    /** What this machine lacks, and what that switches off. */
    List<String> missing() {
        var missing = new ArrayList<String>();
        node.engines().values().forEach(engine -> engine.missing().ifPresent(missing::add));
        if (!onPath("bwrap")) {
            missing.add(
                    "bubblewrap: no box for strangers' code; this version runs only code the operator signs for, boxed or not");
        }
        return missing;
    }

    private static boolean onPath(String program) {
        var path = System.getenv("PATH");
        if (path == null) {
            return false;
        }
        for (var folder : path.split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
