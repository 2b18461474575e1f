package smcp.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import smcp.contract.EngineFactory;
import smcp.tenant.EngineKind;

/** Every kind of engine this node knows; whether it can run one, the factory says itself. */
public final class EngineFactories {
    private final Map<EngineKind, EngineFactory> factories = new EnumMap<>(EngineKind.class);

    private EngineFactories(List<EngineFactory> all) {
        all.forEach(factory -> factories.put(factory.kind(), factory));
    }

    /** Looks at the machine, which blocks for the time a few programs take to say their version. */
    public static EngineFactories of(JsConfig js) {
        return new EngineFactories(List.of(new JsEngines(js, TiedLauncher.ofThisMachine()), new VerticleEngines()));
    }

    /** The factory of a kind. */
    public EngineFactory of(EngineKind kind) {
        var factory = factories.get(kind);
        if (factory == null) {
            throw new IllegalArgumentException("no engine of kind " + kind.word());
        }
        return factory;
    }
}
