package smcp.audit;

import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Admission;
import smcp.contract.AuditTrail;
import smcp.contract.Gate;
import smcp.contract.Identity;
import smcp.contract.TenantEntry;
import smcp.protocol.Method;

/** A gate whose refusals are recorded, and which lets in no call that could not be. */
public final class AuditedGate implements Gate {
    private final Gate gate;
    private final AuditTrail trail;

    public AuditedGate(Gate gate, AuditTrail trail) {
        this.gate = gate;
        this.trail = trail;
    }

    @Override
    public Identity identify(TenantEntry tenant, @Nullable String authorization) {
        return gate.identify(tenant, authorization);
    }

    @Override
    public Admission admit(TenantEntry tenant, Identity.Known who, @Nullable Method method, @Nullable String name) {
        var admission = gate.admit(tenant, who, method, name);
        switch (admission) {
            case Admission.Admitted _ -> {
                var refusal = method != null && method.reachesTenant() ? trail.refusal() : null;
                return refusal == null ? admission : new Admission.Rejected(refusal);
            }
            case Admission.Throttled throttled -> record(tenant, who, method, name, throttled.fault());
            case Admission.Rejected rejected -> record(tenant, who, method, name, rejected.fault());
        }
        return admission;
    }

    private void record(
            TenantEntry tenant, Identity.Known who, @Nullable Method method, @Nullable String name, Fault fault) {
        trail.refused(
                tenant.id(), who.principal(), method == null ? "" : method.wire(), name == null ? "" : name, fault);
    }
}
