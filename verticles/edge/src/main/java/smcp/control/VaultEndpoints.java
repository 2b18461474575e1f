package smcp.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import smcp.contract.KeyRotation;
import smcp.contract.KeyRotation.Resealing;
import smcp.contract.KeyRotation.Status;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;
import smcp.control.Requests.WhoseKeys;

/** The keys of the vault, and replacing them. */
final class VaultEndpoints {
    private final KeyRotation keys;

    /** A body in which nothing may be wished. */
    private record Nothing() {}

    VaultEndpoints(KeyRotation keys) {
        this.keys = keys;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/vault", Access.OPERATOR, request -> {
                    request.onlyQueries();
                    return keys.status().map(status -> Answer.json(view(status)));
                }),
                Endpoint.post("/vault/kek/rotate", Access.OPERATOR, Body.OPTIONAL_JSON, request -> {
                    request.onlyQueries();
                    if (request.hasBody()) {
                        var _ = request.body(Nothing.class);
                    }
                    return keys.rotateKek().map(VaultEndpoints::begun);
                }),
                Endpoint.post("/vault/data-keys/rotate", Access.OPERATOR, Body.OPTIONAL_JSON, request -> {
                    request.onlyQueries();
                    var whose = request.hasBody() ? request.body(WhoseKeys.class) : WhoseKeys.EVERYBODYS;
                    return keys.rotateDataKeys(whose.id()).map(VaultEndpoints::begun);
                }));
    }

    /** 202: it goes on in the background (RFC 9110 §15.3.3). */
    private static Answer begun(Status status) {
        return Answer.json(202, view(status));
    }

    private static ObjectNode view(Status status) {
        var view = Views.object().put("source", status.source());
        view.set(
                "keys",
                Views.array(
                        status.keys(),
                        key -> Views.object()
                                .put("id", key.id())
                                .put("primary", key.primary())
                                .put("records", key.records())));
        view.put("strange", status.strange())
                .put("owners", status.owners())
                .put("sealsValues", status.sealsValues())
                .put("sealsBlobs", status.sealsBlobs());
        var kek = status.kek();
        if (kek != null) {
            view.set(
                    "kekRotation",
                    Views.object()
                            .put("to", kek.to())
                            .put("started", kek.started().toString())
                            .put("left", kek.left()));
        }
        view.set("dataKeyRotations", Views.array(status.resealing(), VaultEndpoints::rotation));
        return view;
    }

    private static ObjectNode rotation(Resealing one) {
        var view = Views.object()
                .put("owner", one.owner())
                .put("since", one.since().toString())
                .put("stage", one.stage().name().toLowerCase(Locale.ROOT))
                .put("examined", one.examined())
                .put("resealed", one.resealed());
        var dropAt = one.dropAt();
        if (dropAt != null) {
            view.put("dropAt", dropAt.toString());
        }
        view.set("failing", Views.array(one.failing(), JsonNodeFactory.instance::textNode));
        return view;
    }
}
