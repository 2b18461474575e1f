package smcp.control;

import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;
import smcp.control.Requests.NewKey;
import smcp.tenant.KeyHolder;

/** Keys of clients, for the data plane, and tokens of tenant owners, for this one. Each is shown once, when it is made. */
final class KeyEndpoints {
    private final Registry registry;
    private final TenantRecords tenants;
    private final Clients clients;
    private final Keys keys;
    private final InstantSource clock;

    KeyEndpoints(Registry registry, KeyRing ring, Clients clients, InstantSource clock) {
        this.registry = registry;
        this.tenants = new TenantRecords(registry);
        this.clients = clients;
        this.keys = new Keys(registry, ring);
        this.clock = clock;
    }

    List<Endpoint> table() {
        var ofClient = "/tenants/:tenant/clients/:client/keys";
        var ofTenant = "/tenants/:tenant/tokens";
        return List.of(
                Endpoint.get(ofClient, Access.OWNER, request -> list(request, "keys", client(request))),
                Endpoint.post(ofClient, Access.OWNER, Body.OPTIONAL_JSON, this::newKey),
                Endpoint.delete(ofClient + "/:key", Access.OWNER, request -> revoke(request, client(request))),
                Endpoint.get(ofTenant, Access.OPERATOR, request -> list(request, "tokens", tenant(request))),
                Endpoint.post(ofTenant, Access.OPERATOR, Body.OPTIONAL_JSON, this::newToken),
                Endpoint.delete(ofTenant + "/:key", Access.OPERATOR, request -> revoke(request, tenant(request))));
    }

    private KeyHolder.OfClient client(AdminRequest request) {
        var tenant = tenants.get(request.tenant()).value().id();
        return new KeyHolder.OfClient(
                tenant, clients.get(tenant, request.client()).value().id());
    }

    private KeyHolder.TenantOwner tenant(AdminRequest request) {
        return new KeyHolder.TenantOwner(tenants.get(request.tenant()).value().id());
    }

    private Future<Answer> list(AdminRequest request, String field, KeyHolder holder) {
        request.onlyQueries();
        var view = Views.object();
        // at most Keys.MOST of one holder, so there are no pages
        view.set(field, Views.array(keys.of(holder), Views::key));
        return Future.succeededFuture(Answer.json(view));
    }

    private Future<Answer> newKey(AdminRequest request) {
        var holder = client(request);
        return keys.issue(
                        holder,
                        expires(request),
                        () -> clients.exists(holder.tenant(), holder.client()),
                        () -> Clients.gone(holder.tenant(), holder.client()))
                .map(KeyEndpoints::shownOnce);
    }

    private Future<Answer> newToken(AdminRequest request) {
        var holder = tenant(request);
        return keys.issue(
                        holder,
                        expires(request),
                        () -> registry.get(RegistryKey.tenant(holder.tenant())) != null,
                        () -> new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + holder.tenant() + "\""))
                .map(KeyEndpoints::shownOnce);
    }

    private static Answer shownOnce(KeyRing.Issued issued) {
        return Answer.json(201, Views.issued(issued));
    }

    private @Nullable Instant expires(AdminRequest request) {
        request.onlyQueries();
        var wish = request.hasBody() ? request.body(NewKey.class) : NewKey.FOREVER;
        return wish.until(clock.instant());
    }

    private Future<Answer> revoke(AdminRequest request, KeyHolder holder) {
        request.onlyQueries();
        return keys.revoke(holder, request.key()).map(Answer.NOTHING);
    }
}
