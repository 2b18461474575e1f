package smcp.contract;

/** Where the events of one call go. Called one at a time, in order, on whatever thread the engine has; never blocks. After an {@link CallEvent.End} it is not called again. */
@FunctionalInterface
public interface CallSink {
    void accept(CallEvent event);
}
