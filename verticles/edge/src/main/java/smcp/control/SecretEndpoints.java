package smcp.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.Secrets;
import smcp.control.Endpoint.Access;
import smcp.control.Requests.NewSecret;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;

/** Secrets of tenants: set, listed and deleted here, never shown. */
final class SecretEndpoints {
    private final TenantRecords tenants;
    private final Secrets secrets;

    SecretEndpoints(Registry registry, Secrets secrets) {
        this.tenants = new TenantRecords(registry);
        this.secrets = secrets;
    }

    List<Endpoint> table() {
        var all = "/tenants/:tenant/secrets";
        return List.of(
                Endpoint.get(all, Access.OWNER, this::list),
                Endpoint.put(all + "/:name", Access.OWNER, this::set),
                Endpoint.delete(all + "/:name", Access.OWNER, this::delete));
    }

    private TenantId tenant(AdminRequest request) {
        return tenants.get(request.tenant()).value().id();
    }

    private Future<Answer> list(AdminRequest request) {
        request.onlyQueries();
        var view = Views.object();
        // at most Secrets.MOST, so there are no pages
        view.set("secrets", Views.array(secrets.list(tenant(request)), SecretEndpoints::view));
        return Future.succeededFuture(Answer.json(view));
    }

    private Future<Answer> set(AdminRequest request) {
        request.onlyQueries();
        var tenant = tenant(request);
        return secrets.write(
                        tenant, request.name(), request.body(NewSecret.class).bytes())
                .map(listed -> Answer.json(view(listed)));
    }

    private Future<Answer> delete(AdminRequest request) {
        request.onlyQueries();
        var tenant = tenant(request);
        return secrets.delete(tenant, request.name()).map(there -> {
            if (!there) {
                throw new Fault(
                        Kind.NOT_FOUND, "tenant \"" + tenant + "\" has no secret \"" + Shown.of(request.name()) + "\"");
            }
            return Answer.NOTHING;
        });
    }

    private static ObjectNode view(Secrets.Listed secret) {
        return Views.object()
                .put("name", secret.name())
                .put("revision", secret.revision())
                .put("changed", secret.changed().toString());
    }
}
