package smcp.control.testing;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import smcp.contract.Drainer;
import smcp.contract.Probe;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.CatalogueEdition.Listing;
import smcp.tenant.Limits;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** Starts and ends versions by writing down that it did. */
public final class FakeRuntime implements Probe, Drainer {
    private final List<VersionRef> started = new CopyOnWriteArrayList<>();
    private final List<VersionRef> retired = new CopyOnWriteArrayList<>();
    private final List<Limits> limits = new CopyOnWriteArrayList<>();
    private volatile Function<Version, Future<CatalogueEdition>> behaviour =
            version -> Future.succeededFuture(catalogue(version));

    /** What starting a version does from now on. */
    public void onStart(Function<Version, Future<CatalogueEdition>> next) {
        behaviour = next;
    }

    public static CatalogueEdition catalogue(Version version) {
        return new CatalogueEdition(
                version.ref(),
                1,
                "{}",
                "{\"name\":\"demo\"}",
                new Listing(List.of("{\"name\":\"greet\"}", "{\"name\":\"add\"}"), 0, "private"),
                new Listing(List.of("{\"uri\":\"demo://one\",\"name\":\"one\"}"), 0, "private"),
                Listing.NONE,
                Listing.NONE);
    }

    @Override
    public Future<CatalogueEdition> read(Version version, Limits granted) {
        started.add(version.ref());
        limits.add(granted);
        return behaviour.apply(version);
    }

    @Override
    public Future<Void> retire(VersionRef version) {
        retired.add(version);
        return Future.succeededFuture();
    }

    public List<VersionRef> started() {
        return started;
    }

    public List<VersionRef> retired() {
        return retired;
    }

    public List<Limits> limits() {
        return limits;
    }
}
