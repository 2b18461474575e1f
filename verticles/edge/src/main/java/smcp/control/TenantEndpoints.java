package smcp.control;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.control.Endpoint.Access;
import smcp.control.Requests.TenantSettings;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.VersionRef;

/** The operator's records of the tenants, and what their lines say. */
final class TenantEndpoints {
    private static final Logger log = LoggerFactory.getLogger(TenantEndpoints.class);
    private static final int MOST_LINES = 10_000;

    private final Registry registry;
    private final TenantRecords tenants;
    private final Deployment deployment;
    private final Keeping keeping;
    private final LogSource logs;
    private final InstantSource clock;

    TenantEndpoints(Registry registry, Deployment deployment, Keeping keeping, LogSource logs, InstantSource clock) {
        this.registry = registry;
        this.tenants = new TenantRecords(registry);
        this.deployment = deployment;
        this.keeping = keeping;
        this.logs = logs;
        this.clock = clock;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/tenants", Access.OPERATOR, this::list),
                Endpoint.get("/tenants/:tenant", Access.OPERATOR, this::show),
                Endpoint.put("/tenants/:tenant", Access.OPERATOR, this::put),
                Endpoint.delete("/tenants/:tenant", Access.OPERATOR, this::delete),
                Endpoint.get("/tenants/:tenant/logs", Access.OWNER, this::lines));
    }

    private Future<Answer> list(AdminRequest request) {
        return Future.succeededFuture(Page.of(
                request,
                "tenants",
                registry.list(RegistryKey.TENANTS),
                tenant -> tenant.id().value(),
                (tenant, name) -> tenant.id().value().compareTo(name) > 0,
                Views::tenant));
    }

    private Future<Answer> show(AdminRequest request) {
        request.onlyQueries();
        return Future.succeededFuture(answer(200, tenants.get(request.tenant())));
    }

    private Future<Answer> put(AdminRequest request) {
        request.onlyQueries();
        var conditions = request.conditions();
        conditions.mustBeSaid();
        var settings = request.body(TenantSettings.class);
        var trust = settings.trustLevel();
        var wish = settings.wish();
        var id = request.tenant();
        var key = RegistryKey.tenant(id);
        if (conditions.create()) {
            TenantRecords.mustNotExist("tenant \"" + id + "\"", registry.get(key));
            var made = new Tenant(id, settings.isOpen(), trust, wish, List.of(), 0, clock.instant());
            return nothingLeftOf(id)
                    .compose(_ -> registry.commit(List.of(RegistryWrite.create(key, made))))
                    .map(_ -> answer(201, tenants.get(id)).with("Location", Endpoint.ROOT + "/tenants/" + id));
        }
        return tenants.change(id, was -> {
                    conditions.check("tenant \"" + id + "\"", was);
                    var now = was.value().withSettings(settings.isOpen(), trust, wish);
                    checkTrust(now);
                    return new TenantRecords.Plan<>(List.of(RegistryWrite.replace(key, was, now)), id);
                })
                .map(_ -> answer(200, tenants.get(id)));
    }

    /** Who comes under a name that was somebody else's finds nothing of theirs, even if their deletion was cut short. */
    private Future<Void> nothingLeftOf(TenantId id) {
        return registry.get(RegistryKey.tenant(id)) == null ? keeping.drop(id) : Future.succeededFuture();
    }

    /** Trust is not taken back under code that runs on the strength of it. */
    private void checkTrust(Tenant now) {
        if (now.trust() == Trust.OPERATOR) {
            return;
        }
        for (Share share : now.active()) {
            var version = registry.get(RegistryKey.version(new VersionRef(now.id(), share.version())));
            if (version != null && deployment.engines().needsTrust(version.value())) {
                throw BadInput.of(
                        Kind.CONFLICT,
                        "trust",
                        "version " + share.version()
                                + " is active and runs without a box on this node; undeploy it before taking trust back: smcp undeploy "
                                + now.id());
            }
        }
    }

    private Future<Answer> delete(AdminRequest request) {
        request.onlyQueries();
        var conditions = request.conditions();
        var id = request.tenant();
        return deployment
                .delete(id, was -> conditions.check("tenant \"" + id + "\"", was))
                .compose(_ -> keeping.drop(id).recover(cause -> {
                    // the tenant is gone all the same, and nobody can reach what is left
                    log.atError()
                            .addKeyValue("tenant", id)
                            .setCause(cause)
                            .log("data of a deleted tenant is still there");
                    return Future.succeededFuture();
                }))
                .map(Answer.NOTHING);
    }

    private Future<Answer> lines(AdminRequest request) {
        request.onlyQueries("lines");
        var most = request.number("lines", 1, MOST_LINES, 200);
        var _ = tenants.get(request.tenant());
        return logs.newest(request.tenant(), most).map(lines -> {
            var body = Views.object();
            var array = body.putArray("lines");
            lines.forEach(array::add);
            return Answer.json(body);
        });
    }

    private static Answer answer(int status, Versioned<Tenant> tenant) {
        return Answer.json(status, Views.tenant(tenant)).of(tenant);
    }
}
