package smcp.control;

import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.Versioned;
import smcp.control.Deployment.Activation;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;
import smcp.control.Requests.WishedShare;
import smcp.tenant.Tenant;

/** Deploys, and which versions serve. */
final class VersionEndpoints {
    private final Registry registry;
    private final TenantRecords tenants;
    private final Deployment deployment;

    VersionEndpoints(Registry registry, Deployment deployment) {
        this.registry = registry;
        this.tenants = new TenantRecords(registry);
        this.deployment = deployment;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.post("/tenants/:tenant/versions", Access.OWNER, Body.PACKAGE, this::deploy),
                Endpoint.get("/tenants/:tenant/versions", Access.OWNER, this::list),
                Endpoint.get("/tenants/:tenant/versions/:version", Access.OWNER, this::show),
                Endpoint.get("/tenants/:tenant/active", Access.OWNER, this::active),
                Endpoint.put("/tenants/:tenant/active", Access.OWNER, this::activate),
                Endpoint.delete("/tenants/:tenant/active", Access.OWNER, this::undeploy));
    }

    private Future<Answer> deploy(AdminRequest request) {
        request.onlyQueries("activate");
        var activation = request.flag("activate", true) ? Activation.ACTIVATE : Activation.ONLY_STORE;
        return deployment
                .deploy(request.tenant(), request.upload(), request.caller().name(), activation)
                .map(this::deployed);
    }

    private Answer deployed(Deployed done) {
        var ref = done.version().ref();
        var view = Views.version(done.version(), tenants.get(ref.tenant()).value());
        view.set("catalogue", Views.catalogue(done.catalogue()));
        if (done.sameAs() != null) {
            view.put("sameAs", done.sameAs());
        }
        var location = Endpoint.ROOT + "/tenants/" + ref.tenant() + "/versions/" + ref.number();
        return Answer.json(201, view).with("Location", location);
    }

    private Future<Answer> list(AdminRequest request) {
        var tenant = tenants.get(request.tenant()).value();
        return Future.succeededFuture(Page.of(
                request,
                "versions",
                Versions.all(registry, tenant.id()),
                version -> Integer.toString(version.ref().number()),
                // newest first
                (version, _) -> version.ref().number() < request.number("after", 1, Integer.MAX_VALUE, 1),
                version -> Views.version(version.value(), tenant)));
    }

    private Future<Answer> show(AdminRequest request) {
        request.onlyQueries();
        var tenant = tenants.get(request.tenant()).value();
        var version = Versions.get(registry, request.version()).value();
        var view = Views.version(version, tenant);
        var catalogue = registry.get(RegistryKey.catalogue(version.ref()));
        if (catalogue != null) {
            view.set("catalogue", Views.catalogue(catalogue.value()));
        }
        return Future.succeededFuture(Answer.json(view));
    }

    private Future<Answer> active(AdminRequest request) {
        request.onlyQueries();
        return Future.succeededFuture(answer(tenants.get(request.tenant())));
    }

    private Future<Answer> activate(AdminRequest request) {
        request.onlyQueries();
        var id = request.tenant();
        var conditions = request.conditions();
        var shares = Arrays.stream(request.body(WishedShare[].class))
                .map(WishedShare::share)
                .toList();
        return deployment
                .activate(id, shares, was -> conditions.check("tenant \"" + id + "\"", was))
                .map(VersionEndpoints::answer);
    }

    private Future<Answer> undeploy(AdminRequest request) {
        request.onlyQueries();
        var id = request.tenant();
        var conditions = request.conditions();
        return deployment
                .undeploy(id, was -> conditions.check("tenant \"" + id + "\"", was))
                .map(VersionEndpoints::answer);
    }

    private static Answer answer(Versioned<Tenant> tenant) {
        var view = Views.object();
        view.set("active", Views.array(tenant.value().active(), Views::share));
        return Answer.json(view).of(tenant);
    }
}
