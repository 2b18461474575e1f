package smcp.control;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Packages;
import smcp.contract.Packages.Kept;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.Version;

/**
 * Keeps a package as long as a version names it or a deploy of it is under way. Keeping and forgetting take turns: the same bytes may be uploaded while another deploy of them fails, and a package is named by its bytes. Any
 * thread.
 */
final class PackageShelf {
    private static final Logger log = LoggerFactory.getLogger(PackageShelf.class);
    private static final RegistryKey<Version> VERSIONS = new RegistryKey<>("version/", Version.class);

    private final Packages packages;
    private final Registry registry;
    private final Map<String, Integer> underWay = new HashMap<>();
    private Future<?> turn = Future.succeededFuture();

    PackageShelf(Packages packages, Registry registry) {
        this.packages = packages;
        this.registry = registry;
    }

    /** Keeps an upload until {@link #letGo}, and as long as a version names it. */
    Future<Kept> keep(Path upload) {
        return inTurn(() -> packages.keep(upload).map(this::hold));
    }

    private synchronized Kept hold(Kept kept) {
        var _ = underWay.merge(kept.hash(), 1, Integer::sum);
        return kept;
    }

    /** The deploy that kept {@code hash} has ended. Never fails. */
    Future<Void> letGo(String hash) {
        synchronized (this) {
            var _ = underWay.computeIfPresent(hash, (_, count) -> count > 1 ? count - 1 : null);
        }
        return forgetIfUnused(hash);
    }

    /** Removes the package if nothing needs it. Never fails: a package too many costs space only, and the log says so. */
    Future<Void> forgetIfUnused(String hash) {
        return inTurn(() -> needed(hash) ? Future.succeededFuture() : packages.forget(hash))
                .recover(cause -> {
                    log.atWarn().addKeyValue("package", hash).setCause(cause).log("unused package not removed");
                    return Future.succeededFuture();
                });
    }

    private synchronized boolean needed(String hash) {
        return underWay.containsKey(hash)
                || registry.list(VERSIONS).stream()
                        .anyMatch(version -> version.value().packageHash().equals(hash));
    }

    private synchronized <T> Future<T> inTurn(Supplier<Future<T>> action) {
        var mine = turn.transform(_ -> action.get());
        turn = mine;
        return mine;
    }
}
