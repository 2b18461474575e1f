package smcp.peer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import smcp.contract.Call;
import smcp.contract.ClientFacts;
import smcp.contract.LegacyRequest;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TraceContext;
import smcp.contract.Usage;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.ClientId;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** Calls as tests need them. */
final class Calls {
    static final VersionRef ACME = new VersionRef(new TenantId("acme"), 3);

    private Calls() {}

    static Call small() {
        return small(Duration.ofSeconds(30));
    }

    static Call small(Duration left) {
        var params = Json.of("{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2}}");
        return new Call(
                ACME,
                new Principal.Anonymous(),
                Permissions.ALL,
                new ClientFacts(Revision.V2026_07_28, Json.EMPTY_OBJECT, null, null),
                Method.TOOLS_CALL,
                "add",
                params,
                Json.slice(params.bytes(), 26, params.to() - 1),
                List.of(),
                null,
                null,
                null,
                null,
                System.nanoTime() + left.toNanos(),
                new Usage());
    }

    /** Has something in every field, and every piece of JSON in the middle of other bytes. */
    static Call full() {
        var params = inside("{\"name\":\"größe\",\"arguments\":{\"a\":[1,2,{}]},\"x\":1.0e5}");
        var at = "{\"name\":\"größe\",\"arguments\":".getBytes(StandardCharsets.UTF_8).length;
        var arguments =
                Json.slice(params.bytes(), params.from() + at, params.from() + at + "{\"a\":[1,2,{}]}".length());
        return new Call(
                ACME,
                new Principal.OfClient(new ClientId("desk-1")),
                new Permissions(List.of("add*", "größe")),
                new ClientFacts(
                        Revision.V2025_11_25,
                        inside("{\"elicitation\":{}}"),
                        inside("{\"name\":\"c\",\"version\":\"1\"}"),
                        inside("\"info\"")),
                Method.TOOLS_CALL,
                "größe \ud83d\ude00 \ud800 end",
                params,
                arguments,
                List.of(inside("\"com.example/a\":1"), inside("\"b\":{\"c\":null}")),
                inside("\"tok\\u0065n\""),
                inside("{\"q\":{\"action\":\"accept\"}}"),
                "state \udfff with half a pair, and \u0000",
                new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                System.nanoTime() + Duration.ofSeconds(20).toNanos(),
                Usage.afterAttempts(2));
    }

    static Json inside(String json) {
        var text = "##" + json + "##";
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return Json.slice(bytes, 2, bytes.length - 2);
    }

    static LegacyRequest legacy(Call call) {
        return new LegacyRequest(call, Json.of("7"), new SessionKey(ACME.tenant(), "session-1"), null);
    }
}
