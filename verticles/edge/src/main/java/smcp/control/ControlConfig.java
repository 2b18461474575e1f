package smcp.control;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Settings of the control plane, block {@code control:} of the node's configuration.
 *
 * @param host address to listen on; a loopback address unless {@code insecurePublicControl}
 * @param port to listen on; 0 takes a free one
 * @param insecurePublicControl true: {@code host} may be any address, although tokens then travel unencrypted
 * @param allowedHosts names beside the loopback's and {@code host} that a {@code Host} header may say
 * @param uploads directory in which packages arrive; best on the file system of the package store
 * @param maxUploadBytes longest package
 * @param maxUploads deploys at once; more are answered with {@code OVERLOADED}
 */
public record ControlConfig(
        String host,
        int port,
        boolean insecurePublicControl,
        List<String> allowedHosts,
        Path uploads,
        long maxUploadBytes,
        int maxUploads) {
    public ControlConfig {
        host = HostNames.bare(host);
        allowedHosts = List.copyOf(allowedHosts);
        if (!insecurePublicControl && !HostNames.isLoopback(host)) {
            throw new IllegalArgumentException(
                    "control.host must be a loopback address (127.0.0.1, ::1, localhost), got " + host
                            + "; control.insecurePublicControl: true allows others");
        }
        between("control.port", port, 0, 65_535);
        between("control.maxUploadBytes", maxUploadBytes, 1024, 4L << 30);
        between("control.maxUploads", maxUploads, 1, 64);
        for (var name : allowedHosts) {
            if (name.isBlank() || !name.equals(name.toLowerCase(Locale.ROOT)) || name.contains("/")) {
                throw new IllegalArgumentException(
                        "control.allowedHosts must be lower-case host names without a port, got \"" + name + "\"");
            }
        }
    }

    /** Loopback, port 9080, packages of at most 64 MiB, as the package store keeps. */
    public static ControlConfig defaults(Path uploads) {
        return new ControlConfig("127.0.0.1", 9080, false, List.of(), uploads, 64L << 20, 4);
    }

    /** Are there only callers of this machine? */
    boolean loopback() {
        return HostNames.isLoopback(host);
    }

    private static void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
