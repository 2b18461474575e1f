package smcp.runner;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A runner as a process of its own: serves one tenant over the lines of {@code docs/guides/runner-protocol.md} on stdin and stdout.
 * The tenant's classes are on the class path.
 */
public final class Main {
    private Main() {}

    /** Ends with the end of stdin, whatever tenant code is doing then. */
    public static void main(String[] arguments) {
        var in = new FileInputStream(FileDescriptor.in);
        var out = new FileOutputStream(FileDescriptor.out);
        // Whatever tenant code prints belongs to its log, and the lines of the protocol are not its to read.
        System.setOut(System.err);
        System.setIn(InputStream.nullInputStream());
        int status = 0;
        try {
            new LineServer(new LineReader(in), new LineWriter(out), ClassLoader.getSystemClassLoader()).serve();
        } catch (IOException e) {
            System.err.println("the platform is gone: " + e.getMessage());
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }
}
