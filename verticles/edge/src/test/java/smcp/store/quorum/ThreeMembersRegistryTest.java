package smcp.store.quorum;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import smcp.store.RegistryContract;
import smcp.store.RegistryStore;

/** The contract on a member that follows another. */
class ThreeMembersRegistryTest extends RegistryContract {
    @TempDir
    private static Path directory;

    private static Group group;

    @BeforeAll
    static void begin() {
        group = Group.of(directory, 3).start();
    }

    @AfterAll
    static void end() {
        group.close();
    }

    @Override
    protected RegistryStore newStore() {
        return new Lent(group.follower());
    }
}
