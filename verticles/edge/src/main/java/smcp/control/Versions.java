package smcp.control;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.Versioned;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** Reads of the versions' records. */
final class Versions {
    private Versions() {}

    /** @throws Fault {@link Kind#NOT_FOUND} */
    static Versioned<Version> get(Registry registry, VersionRef ref) {
        var found = registry.get(RegistryKey.version(ref));
        if (found == null) {
            throw BadInput.of(
                    Kind.NOT_FOUND, "version", "tenant \"" + ref.tenant() + "\" has no version " + ref.number());
        }
        return found;
    }

    /** Newest first. */
    static List<Versioned<Version>> all(Registry registry, TenantId tenant) {
        return registry.list(RegistryKey.versions(tenant)).stream()
                .sorted(Comparator.comparingInt((Versioned<Version> version) ->
                                version.value().ref().number())
                        .reversed())
                .toList();
    }

    /** Number of the newest version before {@code before} made of these bytes. */
    static @Nullable Integer sameBytes(Registry registry, VersionRef before, String hash) {
        for (var version : all(registry, before.tenant())) {
            var number = version.value().ref().number();
            if (number < before.number() && version.value().packageHash().equals(hash)) {
                return number;
            }
        }
        return null;
    }
}
