package smcp.vault;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A keyset in an environment variable. Child processes of the node do not inherit it: they get an environment of their own. */
record KeyVariable(String name, Map<String, String> environment) implements KeySource {
    @Override
    public Optional<String> read() throws IOException {
        var value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IOException("vault.source is variable, but the environment variable " + name
                    + " is not set: it must hold a keyset as smcp vault keygen prints it");
        }
        return Optional.of(value);
    }

    @Override
    public void write(String keyset) {
        throw new UnsupportedOperationException(
                "add a new key to the keyset in the environment variable " + name
                        + " (smcp vault keygen --add), restart every node with it, make the key primary (smcp vault keygen --promote), restart every node again, and say this again");
    }

    @Override
    public String toString() {
        return "variable " + name;
    }
}
