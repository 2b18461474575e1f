package smcp.runtime;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Addresses;
import smcp.contract.CatalogueReader;
import smcp.contract.ChangeLog;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.Engine;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.tenant.Version;

/**
 * What a tenant says has changed, on its way to those who listen: the lists are read again and stored as the next edition, then the change goes into the log, then the bus wakes the listeners. While one
 * round of this is under way further changes collect, each once, so a tenant that cries all the time costs one round after another and no more. Confined to the verticle's context.
 */
final class ChangeWriter {
    private static final Logger log = LoggerFactory.getLogger(ChangeWriter.class);
    private static final int MOST_URIS = 10_000;

    private final Vertx vertx;
    private final Context context;
    private final Version version;
    private final Registry registry;
    private final ChangeLog changes;
    private final CatalogueReader catalogues;
    private final Set<Kind> lists = EnumSet.noneOf(Kind.class);
    private final Set<String> uris = new LinkedHashSet<>();
    private boolean busy;

    ChangeWriter(
            Vertx vertx,
            Context context,
            Version version,
            Registry registry,
            ChangeLog changes,
            CatalogueReader catalogues) {
        this.vertx = vertx;
        this.context = context;
        this.version = version;
        this.registry = registry;
        this.changes = changes;
        this.catalogues = catalogues;
    }

    /** Any thread. */
    void changed(Engine engine, Kind kind, String uri) {
        context.runOnContext(_ -> {
            if (kind != Kind.RESOURCE) {
                lists.add(kind);
            } else if (uris.size() < MOST_URIS) {
                uris.add(uri);
            } else {
                // so many resources changed that naming them one by one helps nobody
                uris.clear();
                lists.add(Kind.RESOURCES);
            }
            if (!busy) {
                next(engine);
            }
        });
    }

    private void next(Engine engine) {
        if (lists.isEmpty() && uris.isEmpty()) {
            busy = false;
            return;
        }
        busy = true;
        var changedLists = List.copyOf(lists);
        var changedUris = List.copyOf(uris);
        lists.clear();
        uris.clear();
        var stored = changedLists.isEmpty() ? Future.<Void>succeededFuture() : storeEdition(engine);
        stored.compose(_ -> append(changedLists, changedUris))
                .onSuccess(newest -> Addresses.TENANT_CHANGED.publish(
                        vertx,
                        new Addresses.TenantChanged(version.ref().tenant().value(), newest)))
                .onFailure(cause -> log.atWarn()
                        .addKeyValue("tenant", version.ref())
                        .setCause(cause)
                        .log("a change could not be passed on"))
                .onComplete(_ -> context.runOnContext(_ -> next(engine)));
    }

    private Future<Void> storeEdition(Engine engine) {
        var key = RegistryKey.catalogue(version.ref());
        var was = registry.get(key);
        if (was == null) {
            return Future.succeededFuture();
        }
        return catalogues
                .read(engine, version, was.value().edition() + 1)
                .compose(edition -> edition.sameContent(was.value())
                        ? Future.succeededFuture()
                        : registry.commit(List.of(RegistryWrite.replace(key, was, edition))));
    }

    private Future<Long> append(List<Kind> changedLists, List<String> changedUris) {
        var last = Future.succeededFuture(0L);
        for (var kind : changedLists) {
            last = last.compose(_ -> changes.append(version.ref().tenant(), kind, ""));
        }
        for (var uri : changedUris) {
            last = last.compose(_ -> changes.append(version.ref().tenant(), Kind.RESOURCE, uri));
        }
        return last;
    }
}
