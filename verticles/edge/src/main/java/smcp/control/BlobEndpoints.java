package smcp.control;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.Registry;
import smcp.contract.TenantBlobs;
import smcp.control.Endpoint.Access;
import smcp.tenant.Limits;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;

/** A tenant's large values, for who looks after it; streamed both ways. */
final class BlobEndpoints {
    /** RFC 9110 §8.8.3; not weak, since blobs are compared byte for byte. */
    private static final Pattern ETAG = Pattern.compile("\"([\\x21\\x23-\\x7e]{1,200})\"");

    private final TenantRecords tenants;
    private final TenantBlobs blobs;

    BlobEndpoints(Registry registry, TenantBlobs blobs) {
        this.tenants = new TenantRecords(registry);
        this.blobs = blobs;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/tenants/:tenant/blobs", Access.OWNER, this::list),
                Endpoint.get("/tenants/:tenant/blobs/:key", Access.OWNER, this::get),
                Endpoint.putStream("/tenants/:tenant/blobs/:key", Access.OWNER, this::put),
                Endpoint.delete("/tenants/:tenant/blobs/:key", Access.OWNER, this::delete));
    }

    private Limits limits(TenantId tenant) {
        return tenants.get(tenant).value().limits().over(Limits.DEFAULT);
    }

    private Future<Answer> list(AdminRequest request) {
        request.onlyQueries("prefix", "limit", "after");
        var tenant = request.tenant();
        var _ = limits(tenant);
        var prefix = request.query("prefix");
        return blobs.list(
                        tenant,
                        prefix == null ? "" : prefix,
                        request.query("after"),
                        request.number("limit", 1, 500, 100))
                .map(page -> {
                    var body = Views.object();
                    var _ = body.set("blobs", Views.array(page.blobs(), Views::blob));
                    return Answer.json(page.next() == null ? body : body.put("next", page.next()));
                });
    }

    private Future<Answer> get(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING);
        var tenant = request.tenant();
        var _ = limits(tenant);
        var name = request.valueKey();
        return blobs.get(tenant, name, Range.ALL).map(found -> {
            var reading = found.orElseThrow(() -> none(name));
            return new Answer(
                    200,
                    Map.of(
                            "Content-Type",
                            "application/octet-stream",
                            "Content-Length",
                            Long.toString(reading.blob().bytes()),
                            "ETag",
                            etag(reading.blob())),
                    null,
                    new SentBlob(reading));
        });
    }

    private Future<Answer> put(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING);
        var tenant = request.tenant();
        var limits = limits(tenant);
        return blobs.put(tenant, request.valueKey(), request.content(), condition(request), limits.storage())
                .map(blob -> Answer.json(Views.blob(blob)).with("ETag", etag(blob)));
    }

    private Future<Answer> delete(AdminRequest request) {
        request.onlyQueries(ValueKeys.ENCODING);
        var tenant = request.tenant();
        var _ = limits(tenant);
        var name = request.valueKey();
        return blobs.delete(tenant, name).map(there -> {
            if (!there) {
                throw none(name);
            }
            return Answer.NOTHING;
        });
    }

    private static Condition condition(AdminRequest request) {
        var ifMatch = request.header("If-Match");
        var ifNoneMatch = request.header("If-None-Match");
        if (ifMatch != null && ifNoneMatch != null) {
            throw BadInput.of("If-Match", "If-Match and If-None-Match exclude each other");
        }
        if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
            throw BadInput.of("If-None-Match", "If-None-Match must be *, got \"" + Shown.of(ifNoneMatch) + "\"");
        }
        if (ifMatch == null) {
            return ifNoneMatch == null ? Condition.ALWAYS : Condition.ABSENT;
        }
        var etag = ETAG.matcher(ifMatch);
        if (!etag.matches()) {
            throw BadInput.of("If-Match", "If-Match must be the ETag of a blob, got \"" + Shown.of(ifMatch) + "\"");
        }
        return new Condition.Matches(etag.group(1));
    }

    private static Fault none(String name) {
        return new Fault(Kind.NOT_FOUND, "there is no blob " + ValueKeys.shown(name));
    }

    private static String etag(Blob blob) {
        return "\"" + blob.etag() + "\"";
    }
}
