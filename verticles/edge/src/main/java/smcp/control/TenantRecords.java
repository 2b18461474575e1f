package smcp.control;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;

/** The tenants' records, and the one way to change something that hangs on one: by compare-and-set on it, made anew if somebody was faster. */
final class TenantRecords {
    /** Each lost race means that somebody else won one, so this bounds how many others may be faster. */
    private static final int MOST_ATTEMPTS = 32;

    private final Registry registry;

    TenantRecords(Registry registry) {
        this.registry = registry;
    }

    /** @throws Fault {@link Kind#TENANT_UNKNOWN} */
    Versioned<Tenant> get(TenantId id) {
        var found = registry.get(RegistryKey.tenant(id));
        if (found == null) {
            throw new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + id + "\"");
        }
        return found;
    }

    /**
     * Commits what {@code plan} makes of the record.
     *
     * @param plan without effects: called again for each lost race; a {@link Fault} it throws ends the change
     */
    <R> Future<R> change(TenantId id, Function<Versioned<Tenant>, Plan<R>> plan) {
        return attempt(id, plan, MOST_ATTEMPTS);
    }

    private <R> Future<R> attempt(TenantId id, Function<Versioned<Tenant>, Plan<R>> plan, int left) {
        return Future.succeededFuture(id)
                .map(this::get)
                .map(plan)
                .compose(made -> registry.commit(made.writes())
                        .map(made.result())
                        .recover(cause -> left > 1 && Fault.from(cause).kind() == Kind.CONFLICT
                                ? attempt(id, plan, left - 1)
                                : Future.failedFuture(cause)));
    }

    /** What to commit, and what the change is worth to its caller once that is done. */
    record Plan<R>(List<RegistryWrite<?>> writes, R result) {}

    /** The registry looks again; this says it in the caller's words. */
    static void mustNotExist(String what, @Nullable Versioned<?> there) {
        if (there != null) {
            throw new Fault(Kind.CONFLICT, what + " exists already");
        }
    }
}
