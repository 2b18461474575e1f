package smcp.vault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a keyset of key-encryption keys comes from, as Tink's JSON. Blocks. */
sealed interface KeySource permits KeyFile, KeyVariable, KeyCommand {
    static KeySource of(VaultConfig config, Path dataDir, Map<String, String> environment) {
        var file = config.file();
        return switch (config.source()) {
            case FILE -> new KeyFile(file == null ? dataDir.resolve("node.key") : file);
            case VARIABLE -> new KeyVariable(config.variable(), environment);
            case COMMAND -> new KeyCommand(config.command(), config.commandTimeout());
        };
    }

    /** Empty if there is none yet and this source can be given one. */
    Optional<String> read() throws IOException;

    /**
     * Keeps a new keyset, durably and whole.
     *
     * @throws UnsupportedOperationException with a sentence that says how this source gets a new key
     */
    void write(String keyset) throws IOException;

    /** For messages; no secret. */
    @Override
    String toString();
}
