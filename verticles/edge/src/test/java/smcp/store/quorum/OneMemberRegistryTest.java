package smcp.store.quorum;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import smcp.store.RegistryContract;
import smcp.store.RegistryStore;

class OneMemberRegistryTest extends RegistryContract {
    @TempDir
    private Path directory;

    @Override
    protected RegistryStore newStore() {
        var group = Group.of(directory, 1);
        return QuorumRegistryStore.of(group.config("n1"), "n1", group.directory("n1"));
    }
}
