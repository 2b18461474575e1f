package smcp.store.blob;

import java.util.Set;
import java.util.stream.Collectors;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.Version;

/** The packages that versions name. Any thread. */
final class Named {
    private static final RegistryKey<Version> VERSIONS = new RegistryKey<>("version/", Version.class);

    private final Registry registry;

    Named(Registry registry) {
        this.registry = registry;
    }

    Set<String> all() {
        return registry.list(VERSIONS).stream()
                .map(version -> version.value().packageHash())
                .collect(Collectors.toSet());
    }

    boolean has(String name) {
        return registry.list(VERSIONS).stream()
                .anyMatch(version -> version.value().packageHash().equals(name));
    }

    /** {@code changed} runs when it may be others. */
    void listen(Runnable changed) {
        registry.onChange(path -> {
            if (path.startsWith(VERSIONS.path())) {
                changed.run();
            }
        });
    }
}
