package smcp.control;

import java.util.Map;
import java.util.Optional;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.EngineFactory;
import smcp.tenant.EngineKind;
import smcp.tenant.Tenant;
import smcp.tenant.Trust;
import smcp.tenant.Version;

/** May this node run that code for this tenant? Asked before code is started for the first time, and again before it serves: trust may have been taken back in between. */
final class EngineCheck {
    private final Map<EngineKind, EngineFactory> engines;

    EngineCheck(Map<EngineKind, EngineFactory> engines) {
        this.engines = Map.copyOf(engines);
    }

    Map<EngineKind, EngineFactory> engines() {
        return engines;
    }

    /** @throws Fault {@link Kind#PACKAGE_INVALID} if the engine is missing, {@link Kind#TRUST_REFUSED} if nobody signed for the code */
    void check(Tenant tenant, EngineKind kind) {
        missing(kind).ifPresent(why -> {
            throw new Fault(Kind.PACKAGE_INVALID, "this node cannot run engine \"" + kind.word() + "\": " + why);
        });
        if (tenant.trust() != Trust.OPERATOR && unboxed(kind)) {
            throw new Fault(
                    Kind.TRUST_REFUSED,
                    "engine \"" + kind.word()
                            + "\" runs without a box on this node, and nobody signs for the code of tenant \""
                            + tenant.id() + "\"; an operator who does says so with: smcp tenant set " + tenant.id()
                            + " --trust operator");
        }
    }

    /** True if a tenant that is not trusted may not have this version serving. */
    boolean needsTrust(Version version) {
        return unboxed(version.manifest().engine());
    }

    private boolean unboxed(EngineKind kind) {
        var factory = engines.get(kind);
        return factory != null && factory.unboxed();
    }

    Optional<String> missing(EngineKind kind) {
        var factory = engines.get(kind);
        return factory == null ? Optional.of("it is not part of this node") : factory.missing();
    }
}
