package smcp.contract;

import java.io.IOException;
import java.io.OutputStream;

/** Makes backups of everything that a node keeps. */
@FunctionalInterface
public interface Backups {
    /**
     * Writes one, sealed as things are kept, at the pace of {@code to}. Blocks, for as long as that takes. If it fails, what was written says so to whoever reads it.
     *
     * @throws IOException if {@code to} takes no more
     */
    void write(OutputStream to) throws IOException;
}
