package smcp.node.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A whole node in a process of its own, as the program starts it: to be killed, stopped, and started again on the same data. */
public final class ChildNode implements AutoCloseable {
    private static final Pattern DATA = Pattern.compile("data plane +http://[^:]+:(\\d+)/.*");
    private static final Pattern CONTROL = Pattern.compile("control plane +http://[^:]+:(\\d+)/.*");

    private final Process process;
    private final Path data;
    private final int port;
    private final int adminPort;

    private ChildNode(Process process, Path data, int port, int adminPort) {
        this.process = process;
        this.data = data;
        this.port = port;
        this.adminPort = adminPort;
    }

    /** Starts it and waits until it is ready. Blocks. */
    public static ChildNode start(Path data, String... options) throws IOException {
        return ready(begin(data, options), data);
    }

    /** Starts it as a shell with job control does: it leads a process group of its own, whose id is that of its process. */
    public static ChildNode startLeader(Path data) throws IOException {
        // what ignores SIGINT and SIGHUP, as a program in the background of a script does, passes that on
        return ready(begin(List.of("env", "--default-signal=INT,HUP", "setsid"), classPath(), data), data);
    }

    private static ChildNode ready(Process process, Path data) throws IOException {
        var out = process.inputReader(StandardCharsets.UTF_8);
        var port = 0;
        var adminPort = 0;
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            var ofData = DATA.matcher(line);
            var ofControl = CONTROL.matcher(line);
            if (ofData.matches()) {
                port = Integer.parseInt(ofData.group(1));
            } else if (ofControl.matches()) {
                adminPort = Integer.parseInt(ofControl.group(1));
            }
            if (line.startsWith("operator token")) {
                return new ChildNode(process, data, port, adminPort);
            }
        }
        throw new IOException("the node did not start; its output is in " + log(data));
    }

    /** Starts {@code smcp node} and waits for nothing. */
    public static Process begin(Path data, String... options) throws IOException {
        return begin(classPath(), data, options);
    }

    private static String classPath() {
        return System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"));
    }

    /** Starts {@code smcp node} with these libraries, and waits for nothing. */
    public static Process begin(String classPath, Path data, String... options) throws IOException {
        return begin(List.of(), classPath, data, options);
    }

    private static Process begin(List<String> by, String classPath, Path data, String... options) throws IOException {
        var command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                "smcp.node.Main",
                "node",
                "--data",
                data.toString()));
        for (var port : List.of("--port", "--admin-port")) {
            if (!List.of(options).contains(port)) {
                command.addAll(List.of(port, "0"));
            }
        }
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log(data).toFile()))
                .start();
    }

    private static Path log(Path data) {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    public Admin admin() throws IOException {
        return new Admin(adminPort, token());
    }

    public String token() throws IOException {
        return Files.readString(data.resolve("operator.token"));
    }

    public Process process() {
        return process;
    }

    /** As {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("a killed process did not end");
        }
    }

    /** With {@code full}, no file of the node may grow any more: what a write then gets (EFBIG) is as final as a full disk's answer (ENOSPC), and needs no file system of its own. */
    public void full(boolean full) throws IOException, InterruptedException {
        var limit = full ? "1:unlimited" : "unlimited:unlimited";
        var set = new ProcessBuilder(List.of("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + limit))
                .inheritIO()
                .start();
        if (!set.waitFor(5, TimeUnit.SECONDS) || set.exitValue() != 0) {
            throw new AssertionError("prlimit failed");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
