package smcp.store;

import static smcp.store.Samples.get;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A state for each test. */
public abstract class StateContract {
    /** Small, so that a test can reach them. */
    public static final StateBounds BOUNDS = new StateBounds(8, 1_024, 10);

    protected State state;

    protected abstract State newState();

    @BeforeEach
    void open() {
        state = newState();
    }

    @AfterEach
    void close() {
        get(state.close());
    }
}
