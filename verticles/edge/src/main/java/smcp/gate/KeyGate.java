package smcp.gate;

import java.time.Instant;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Admission;
import smcp.contract.Gate;
import smcp.contract.Identity;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.Standing;
import smcp.contract.TenantEntry;
import smcp.protocol.Method;
import smcp.tenant.KeyHolder;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.Shown;

/** Lets in who shows a key of a client of the tenant, and anybody where the operator's record says so. Fails closed: a key that proves nothing is refused even at an open tenant. */
public final class KeyGate implements Gate {
    private static final String SCHEME = "Bearer ";
    private static final Identity ANONYMOUS = new Identity.Known(new Principal.Anonymous(), Permissions.ALL);

    private final KeyRing keys;
    private final Registry registry;

    public KeyGate(KeyRing keys, Registry registry) {
        this.keys = keys;
        this.registry = registry;
    }

    @Override
    public Identity identify(TenantEntry tenant, @Nullable String authorization) {
        if (authorization == null) {
            return tenant.tenant().open()
                    ? ANONYMOUS
                    : refused("this tenant is private: send Authorization: Bearer <key>");
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused("the Authorization header must be: Bearer <key>");
        }
        var key = keys.verify(authorization.substring(SCHEME.length()).strip());
        return key == null ? refused("the key is unknown, revoked or expired") : clientOf(tenant, key.holder());
    }

    private Identity clientOf(TenantEntry tenant, KeyHolder holder) {
        if (!(holder instanceof KeyHolder.OfClient of) || !of.tenant().equals(tenant.id())) {
            // the same words as for an unknown key: whose key it is concerns nobody here
            return refused("the key is unknown, revoked or expired");
        }
        var client = registry.get(RegistryKey.client(of.tenant(), of.client()));
        return client == null
                ? refused("the key is unknown, revoked or expired")
                : new Identity.Known(
                        new Principal.OfClient(of.client()), client.value().permissions());
    }

    private static Identity refused(String why) {
        return new Identity.Refused(new Fault(Kind.UNAUTHENTICATED, why));
    }

    /** What is so now; keys that have expired at {@code now} count no more. */
    public Standing standing(Instant now) {
        var held = new HashSet<KeyHolder>();
        for (var key : registry.list(RegistryKey.KEYS)) {
            var expires = key.value().expires();
            if (expires == null || now.isBefore(expires)) {
                held.add(key.value().holder());
            }
        }
        return (id, principal) -> {
            var tenant = registry.get(RegistryKey.tenant(id));
            return tenant != null
                    && switch (principal) {
                        case Principal.Anonymous _ -> tenant.value().open();
                        case Principal.OfClient of ->
                            held.contains(new KeyHolder.OfClient(id, of.client()))
                                    && registry.get(RegistryKey.client(id, of.client())) != null;
                    };
        };
    }

    @Override
    public Admission admit(TenantEntry tenant, Identity.Known who, @Nullable Method method, @Nullable String name) {
        if (method == Method.TOOLS_CALL && name != null && !who.permissions().allowsTool(name)) {
            return new Admission.Rejected(
                    new Fault(Kind.FORBIDDEN, "this key may not call the tool \"" + Shown.of(name) + "\""));
        }
        return new Admission.Admitted(who.principal(), who.permissions());
    }
}
