package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.ValueStore;
import smcp.control.Endpoint.Access;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/** What a tenant keeps, for who looks after it. */
final class ValueEndpoints {
    private final TenantRecords tenants;
    private final Keeping keeping;

    ValueEndpoints(Registry registry, Keeping keeping) {
        this.tenants = new TenantRecords(registry);
        this.keeping = keeping;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/tenants/:tenant/usage", Access.OWNER, this::usage),
                Endpoint.get("/tenants/:tenant/kv", Access.OWNER, this::list),
                Endpoint.get("/tenants/:tenant/kv/:key", Access.OWNER, this::get),
                Endpoint.putBytes("/tenants/:tenant/kv/:key", Access.OWNER, this::put),
                Endpoint.delete("/tenants/:tenant/kv/:key", Access.OWNER, this::delete));
    }

    private Limits limits(TenantId tenant) {
        return tenants.get(tenant).value().limits().over(Limits.DEFAULT);
    }

    private Future<Answer> usage(AdminRequest request) {
        request.onlyQueries();
        var tenant = request.tenant();
        var limits = limits(tenant);
        var kept = keeping.usage().stream()
                .map(source -> source.kept(tenant, limits))
                .toList();
        return Future.all(kept).map(_ -> {
            var usage = Views.object();
            for (var i = 0; i < kept.size(); i++) {
                var _ = usage.set(
                        keeping.usage().get(i).kind(), Views.kept(kept.get(i).result()));
            }
            var body = Views.object().put("tenant", tenant.value());
            var _ = body.set("usage", usage);
            return Answer.json(body);
        });
    }

    private Future<Answer> list(AdminRequest request) {
        request.onlyQueries("prefix", "limit", "after");
        var tenant = request.tenant();
        var _ = limits(tenant);
        var prefix = request.query("prefix");
        return keeping.values()
                .list(
                        tenant,
                        prefix == null ? "" : prefix,
                        request.query("after"),
                        request.number("limit", 1, 500, 100))
                .map(page -> {
                    var body = Views.object();
                    var _ = body.set("values", Views.array(page.keys(), Views::value));
                    return Answer.json(page.next() == null ? body : body.put("next", page.next()));
                });
    }

    private Future<Answer> get(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING);
        var tenant = request.tenant();
        var _ = limits(tenant);
        var key = request.valueKey();
        return keeping.values().get(tenant, key).map(found -> {
            var value = found.orElseThrow(() -> none(key));
            var answer = new Answer(
                    200,
                    Map.of("Content-Type", "application/octet-stream", "ETag", etag(value.version())),
                    value.content());
            return value.expires() == null
                    ? answer
                    : answer.with("Smcp-Expires", value.expires().toString());
        });
    }

    private Future<Answer> put(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING, "ttl");
        var tenant = request.tenant();
        var limits = limits(tenant);
        var key = request.valueKey();
        var ttl = request.number("ttl", 1, Integer.MAX_VALUE, 0);
        var life = ttl == 0 ? null : Duration.ofSeconds(ttl);
        var content = Buffer.buffer(request.bytes());
        return expected(request.conditions(), tenant, key)
                .map(expected -> ValueStore.Write.within(limits.storage(), content.length(), expected, life))
                .compose(how -> keeping.values().put(tenant, key, content, how))
                .map(version ->
                        Answer.json(Views.object().put("version", version)).with("ETag", etag(version)));
    }

    private Future<Answer> delete(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING);
        var tenant = request.tenant();
        var _ = limits(tenant);
        var key = request.valueKey();
        var revision = request.conditions().revision();
        return keeping.values()
                .delete(tenant, key, revision == null ? ValueStore.ANY : revision)
                .map(removed -> {
                    if (!removed) {
                        throw none(key);
                    }
                    return Answer.NOTHING;
                });
    }

    /** {@code If-Match: *} is "whatever is there, but something" (RFC 9110 §13.1.1), which only who has looked can say. */
    private Future<Long> expected(Conditions conditions, TenantId tenant, String key) {
        if (conditions.create()) {
            return Future.succeededFuture(ValueStore.ABSENT);
        }
        if (conditions.revision() != null) {
            return Future.succeededFuture(conditions.revision());
        }
        if (!conditions.change()) {
            return Future.succeededFuture(ValueStore.ANY);
        }
        return keeping.values()
                .get(tenant, key)
                .map(found -> found.orElseThrow(
                                () -> new Fault(Kind.CONFLICT, "key " + ValueKeys.shown(key) + " has no value"))
                        .version());
    }

    private static Fault none(String key) {
        return new Fault(Kind.NOT_FOUND, "key " + ValueKeys.shown(key) + " has no value");
    }

    private static String etag(long version) {
        return "\"" + version + "\"";
    }
}
