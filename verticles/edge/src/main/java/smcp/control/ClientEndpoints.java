package smcp.control;

import io.vertx.core.Future;
import java.util.List;
import smcp.contract.Registry;
import smcp.contract.Versioned;
import smcp.control.Endpoint.Access;
import smcp.control.Requests.ClientSettings;
import smcp.tenant.Client;

/** The clients of a tenant and what they may do. */
final class ClientEndpoints {
    private final TenantRecords tenants;
    private final Clients clients;

    ClientEndpoints(Registry registry, Clients clients) {
        this.tenants = new TenantRecords(registry);
        this.clients = clients;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/tenants/:tenant/clients", Access.OWNER, this::list),
                Endpoint.get("/tenants/:tenant/clients/:client", Access.OWNER, this::show),
                Endpoint.put("/tenants/:tenant/clients/:client", Access.OWNER, this::put),
                Endpoint.delete("/tenants/:tenant/clients/:client", Access.OWNER, this::delete));
    }

    private Future<Answer> list(AdminRequest request) {
        var tenant = tenants.get(request.tenant()).value().id();
        return Future.succeededFuture(Page.of(
                request,
                "clients",
                clients.all(tenant),
                client -> client.id().value(),
                (client, name) -> client.id().value().compareTo(name) > 0,
                Views::client));
    }

    private Future<Answer> show(AdminRequest request) {
        request.onlyQueries();
        var tenant = tenants.get(request.tenant()).value().id();
        return Future.succeededFuture(answer(200, clients.get(tenant, request.client())));
    }

    private Future<Answer> put(AdminRequest request) {
        request.onlyQueries();
        var conditions = request.conditions();
        conditions.mustBeSaid();
        var permissions = request.body(ClientSettings.class).granted();
        var tenant = tenants.get(request.tenant()).value().id();
        var id = request.client();
        if (conditions.create()) {
            return clients.create(tenant, id, permissions)
                    .map(made -> answer(201, made)
                            .with("Location", Endpoint.ROOT + "/tenants/" + tenant + "/clients/" + id));
        }
        var was = clients.get(tenant, id);
        conditions.check("client \"" + id + "\"", was);
        return clients.change(was, permissions).map(now -> answer(200, now));
    }

    private Future<Answer> delete(AdminRequest request) {
        request.onlyQueries();
        var tenant = tenants.get(request.tenant()).value().id();
        var was = clients.get(tenant, request.client());
        request.conditions().check("client \"" + request.client() + "\"", was);
        return clients.delete(tenant, request.client()).map(Answer.NOTHING);
    }

    private static Answer answer(int status, Versioned<Client> client) {
        return Answer.json(status, Views.client(client)).of(client);
    }
}
