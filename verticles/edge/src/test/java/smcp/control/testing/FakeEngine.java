package smcp.control.testing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;

/** An engine that says what it is and runs nothing. */
public record FakeEngine(
        EngineKind kind, boolean unboxed, @Nullable String lack) implements EngineFactory {
    @Override
    public int poolSize(Limits limits) {
        return 1;
    }

    @Override
    public Optional<String> missing() {
        return Optional.ofNullable(lack);
    }

    @Override
    public Engine create(Spec spec, Engine.Listener listener) {
        throw new UnsupportedOperationException("nothing runs here");
    }
}
