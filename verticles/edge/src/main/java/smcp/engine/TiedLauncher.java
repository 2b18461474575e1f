package smcp.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ties a process to the life of the node: the kernel kills it when the node ends, however the node ends and whatever the process does (prctl(2), PR_SET_PDEATHSIG, by way of setpriv(1)). Without setpriv a process still sees the end of
 * its standard input, but one that is busy looks too late.
 *
 * <p>It is tied to nothing else: it leads a session of its own (setsid(1)), because a terminal sends Ctrl-C and its own end to every process of the node's group, and a node that drains needs its tenants until their last answer.
 */
final class TiedLauncher implements Launcher {
    /** The signal is sent when the thread that started the process ends, not the node; so one platform thread that never ends starts them all. */
    private static final ExecutorService STARTER = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(10_000),
            task -> Thread.ofPlatform().name("smcp-engine-starter").daemon().unstarted(task));

    private final @Nullable Path setsid;
    private final @Nullable Path setpriv;

    TiedLauncher(@Nullable Path setsid, @Nullable Path setpriv) {
        this.setsid = setsid;
        this.setpriv = setpriv;
    }

    /** With what this machine has. */
    static TiedLauncher ofThisMachine() {
        return new TiedLauncher(
                Executables.find("setsid").orElse(null),
                Executables.find("setpriv").orElse(null));
    }

    @Override
    public CompletableFuture<Process> launch(Command command) {
        return CompletableFuture.supplyAsync(() -> begin(command), STARTER);
    }

    @Override
    public Optional<String> weakness() {
        var weak = new ArrayList<String>();
        if (setpriv == null) {
            weak.add(
                    "setpriv (util-linux) is not on the PATH: a tenant's process that is busy when the node is killed lives on");
        }
        if (setsid == null) {
            weak.add(
                    "setsid (util-linux) is not on the PATH: Ctrl-C reaches what a tenant's process has started before its calls have ended");
        }
        return weak.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", weak));
    }

    private Process begin(Command command) {
        var builder = new ProcessBuilder(tied(command.argv()))
                .directory(command.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Each program becomes the next one, so that the process is the tenant's from the start: setsid forks only where it leads a group, which the child of a JVM never does. */
    private List<String> tied(List<String> argv) {
        var all = new ArrayList<String>();
        if (setsid != null) {
            all.add(setsid.toString());
        }
        if (setpriv != null) {
            all.addAll(List.of(setpriv.toString(), "--no-new-privs", "--pdeathsig", "KILL", "--"));
        }
        all.addAll(argv);
        return all;
    }
}
