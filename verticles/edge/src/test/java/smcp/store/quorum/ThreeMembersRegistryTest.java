package smcp.store.quorum;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import smcp.store.RegistryContract;
import smcp.store.RegistryStore;

/** The contract on a member that follows another, as a rule: the two that were there first have chosen a leader. */
class ThreeMembersRegistryTest extends RegistryContract {
    @TempDir
    private Path directory;

    private @Nullable Group group;

    @Override
    protected RegistryStore newStore() {
        var others = Group.of(directory, 3).start("n1", "n2");
        group = others;
        return QuorumRegistryStore.of(others.config("n3"), "n3", others.directory("n3"));
    }

    @AfterEach
    void closeOthers() {
        if (group != null) {
            group.close();
        }
    }
}
