package smcp.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** Faults about one field of a request. The field travels in the fault's data, and {@link FaultWriter} puts it beside the message. */
final class BadInput {
    static final String FIELD = "field";

    private BadInput() {}

    static Fault of(String field, String message) {
        return of(Kind.INVALID_INPUT, field, message);
    }

    static Fault of(Kind kind, String field, String message) {
        var data = JsonNodeFactory.instance.objectNode().put(FIELD, field);
        return Fault.withData(kind, message, data.toString());
    }
}
