package smcp.engine;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Starts processes; what stands between the node and a tenant's code (a box, a uid, limits) is put in front of the command here. */
interface Launcher {
    /** Starts {@code command} with three pipes; does not block. Fails with an {@link java.io.IOException} if there is nothing to start. */
    CompletableFuture<Process> launch(Command command);

    /** What is weaker here than it should be, for the operator; empty if nothing. */
    Optional<String> weakness();
}
