package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** The last step: what a call was and used goes to the metrics, and later the audit log. Does not block. */
@FunctionalInterface
public interface Account {
    /**
     * @param outcome how it ended; {@code fault} is set if it was the platform that ended it
     * @param nanos from the first byte to the end
     */
    void ended(Call call, Outcome outcome, @Nullable Fault fault, long nanos);

    /** How a call ended. */
    enum Outcome {
        COMPLETE,
        INPUT_REQUIRED,
        TOOL_ERROR,
        PROTOCOL_ERROR,
        BROKEN,
        CANCELLED
    }
}
