package smcp.contract;

import io.vertx.core.Future;
import java.nio.file.Path;
import smcp.tenant.Manifest;

/** Uploaded packages: kept by hash, unpacked once on each node that runs them. */
public interface Packages {
    /**
     * Checks an upload (a zip or a jar; bounds on entries, names, sizes and ratio; no links, no paths that lead out) and keeps it. Fails with {@link smcp.bus.Fault.Kind#PACKAGE_INVALID} naming the entry and the limit; nothing is kept then.
     */
    Future<Kept> keep(Path upload);

    /** Directory of the unpacked package on this node, its content verified against the hash. A jar is unpacked too, and stands beside it as {@code package.jar}. */
    Future<Path> root(String hash);

    /** Removes a package and what was unpacked of it; no version may name it any more. */
    Future<Void> forget(String hash);

    /**
     * A kept package.
     *
     * @param hash SHA-256 of the upload, hex
     */
    record Kept(String hash, long bytes, Manifest manifest) {}
}
