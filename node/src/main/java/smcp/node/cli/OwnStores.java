package smcp.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.store.backup.Tally;

/** The stores of a node that does not run, opened by who knows its configuration. All of it blocks, and fails with a sentence for the operator: {@link IllegalArgumentException} for a wrong configuration, {@link smcp.bus.Fault} otherwise. */
public interface OwnStores {
    /**
     * Which node's.
     *
     * @param config its configuration; null for the defaults
     * @param data its data directory; null for what the configuration says
     */
    record Where(@Nullable Path config, @Nullable Path data) {}

    void backup(Where where, OutputStream to, Tally tally) throws IOException;

    /**
     * @param replace what is there
     * @return what the operator should know, a sentence each
     */
    List<String> restore(Where where, InputStream from, boolean replace, Tally tally) throws IOException;
}
