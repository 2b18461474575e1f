package smcp.node.cli;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import smcp.bus.Fault;
import smcp.store.backup.BackupReader;
import smcp.store.backup.Tally;

/** {@code smcp backup …} and {@code smcp restore …} */
public final class BackupCommands {
    private static final String ABOUT_THE_KEY =
            "It is sealed as the stores are, and opens only with the key-encryption key (smcp vault status names it), which is NOT in it: keep a copy of that key, and keep it elsewhere.";

    private BackupCommands() {}

    /** Adds both to {@code root}. */
    public static void addTo(CommandLine root, OwnStores own) {
        addTo(root, own, Surroundings.ofProcess());
    }

    static void addTo(CommandLine root, OwnStores own, Surroundings around) {
        root.addSubcommand(new CommandLine(new Backup(own, around)).addSubcommand(new Verify(around)));
        root.addSubcommand(new Restore(own, around));
    }

    /** What a command does, its failures as sentences. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static int ends(CommandSpec spec, Work work) {
        return Remote.ends(spec, () -> {
            try {
                work.run();
                return 0;
            } catch (Fault e) {
                throw new Failure(e.message());
            } catch (IOException e) {
                throw new Failure(Failures.reason(e));
            } catch (IllegalArgumentException e) {
                var err = spec.commandLine().getErr();
                String.valueOf(e.getMessage()).lines().forEach(line -> err.println("smcp: " + line));
                return 2;
            }
        });
    }

    private static void tell(CommandSpec spec, String line) {
        var err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private static InputStream open(Surroundings around, String name) throws IOException {
        if (name.equals(BackupFile.STANDARD)) {
            return new BufferedInputStream(new FileInputStream(FileDescriptor.in));
        }
        try {
            return Files.newInputStream(around.directory().resolve(name));
        } catch (IOException e) {
            throw new Failure("cannot read " + name + ": " + Failures.reason(e));
        }
    }

    private static BackupReader verified(CommandSpec spec, InputStream in, String what) throws IOException {
        var tally = new Tally();
        try (var ticker = Ticker.start(spec.commandLine().getErr(), what, tally)) {
            var reader = BackupReader.open(in, tally);
            try {
                reader.verify();
            } catch (IOException e) {
                throw ticker.stalled() ? new IOException("nothing came for a long time", e) : e;
            }
            return reader;
        }
    }

    private static String about(BackupReader backup) {
        return "Whole: a backup of " + backup.begun() + " by " + backup.program();
    }

    @Command(
            name = "backup",
            description = {
                "Copy everything a node keeps into one file, which smcp restore puts back into stores of any kind.",
                "Of a running node, through its control plane. With --config or --data of one that does not run.",
                "Everything acknowledged before it began is in it. The key-encryption key is not."
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    private static final class Backup implements Callable<Integer> {
        private final OwnStores own;

        @Mixin
        private final Remote remote;

        @Spec
        private CommandSpec spec;

        // not required by picocli, which would ask it of smcp backup verify as well
        @Parameters(paramLabel = "FILE", arity = "0..1", description = "Where to; - is the standard output")
        private @Nullable String file;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration of a node that does not run: its stores are read from here")
        private @Nullable Path config;

        @Option(names = "--data", paramLabel = "DIR", description = "Data directory of a node that does not run")
        private @Nullable Path data;

        Backup(OwnStores own, Surroundings around) {
            this.own = own;
            this.remote = new Remote(around);
        }

        @Override
        public Integer call() {
            if (file == null) {
                throw remote.usage("Missing required parameter: 'FILE'");
            }
            var to = file;
            if (config != null || data != null) {
                if (remote.admin != null || remote.tokenFile != null) {
                    throw remote.usage(
                            "--config and --data are for a node that does not run, --admin and --token-file for one that does");
                }
                return ends(spec, () -> offline(to));
            }
            return remote.run(api -> {
                try {
                    online(api, to);
                } catch (IOException e) {
                    throw new Failure("no backup was made: " + Failures.reason(e));
                }
            });
        }

        private void online(AdminApi api, String name) throws IOException {
            try (var to = BackupFile.create(remote.around(), name);
                    var from = new Tee(api.stream("/admin/v1/backup"), to.out())) {
                var backup = verified(spec, from, "backup");
                from.drain();
                to.finish();
                report(name, backup.tally());
            }
        }

        private void offline(String name) throws IOException {
            var tally = new Tally();
            try (var to = BackupFile.create(remote.around(), name);
                    var _ = Ticker.start(spec.commandLine().getErr(), "backup", tally)) {
                own.backup(new OwnStores.Where(config, data), to.out(), tally);
                to.finish();
                report(name, tally);
            }
        }

        private void report(String name, Tally tally) {
            tell(spec, Ticker.table(tally.counts()));
            tell(spec, name.equals(BackupFile.STANDARD) ? "Done." : "Done: " + name + ", readable by you only.");
            tell(spec, ABOUT_THE_KEY);
        }
    }

    /** What is read is written as well. */
    private static final class Tee extends InputStream {
        private final InputStream in;
        private final OutputStream to;

        Tee(InputStream in, OutputStream to) {
            this.in = in;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            var next = in.read();
            if (next >= 0) {
                to.write(next);
            }
            return next;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            var read = in.read(into, from, length);
            if (read > 0) {
                to.write(into, from, read);
            }
            return read;
        }

        void drain() throws IOException {
            var buffer = new byte[4096];
            while (read(buffer, 0, buffer.length) >= 0) {
                // read() writes
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Command(
            name = "verify",
            description = "Read a backup through: is it whole, and what was written? Needs no key and no node.",
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init")
    private static final class Verify implements Callable<Integer> {
        private final Surroundings around;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The backup; - is the standard input")
        private String file;

        Verify(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return ends(spec, () -> {
                try (var in = open(around, file)) {
                    var backup = verified(spec, in, "verify");
                    var out = spec.commandLine().getOut();
                    out.println(Ticker.table(backup.tally().counts()));
                    out.println(about(backup));
                }
            });
        }
    }

    @Command(
            name = "restore",
            description = {
                "Put a backup into the empty stores of a node that does not run, of any kind.",
                "If it is interrupted, no node opens them until it was run again."
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init")
    private static final class Restore implements Callable<Integer> {
        private final OwnStores own;
        private final Surroundings around;

        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "FILE",
                description =
                        "The backup, which is read through before anything is changed; - is the standard input, which is not")
        private String file;

        @Option(names = "--config", paramLabel = "FILE", description = "Configuration of the node")
        private @Nullable Path config;

        @Option(names = "--data", paramLabel = "DIR", description = "Data directory of the node. Default: .smcp")
        private @Nullable Path data;

        @Option(
                names = "--replace",
                description =
                        "Make room: files that are there, damaged or not, are moved aside and named; stores that are shared are emptied")
        private boolean replace;

        Restore(OwnStores own, Surroundings around) {
            this.own = own;
            this.around = around;
        }

        @Override
        public Integer call() {
            return ends(spec, () -> {
                if (!file.equals(BackupFile.STANDARD)) {
                    try (var in = open(around, file)) {
                        tell(spec, about(verified(spec, in, "verify")));
                    }
                }
                var tally = new Tally();
                List<String> told;
                try (var in = open(around, file);
                        var _ = Ticker.start(spec.commandLine().getErr(), "restore", tally)) {
                    told = own.restore(new OwnStores.Where(config, data), in, replace, tally);
                }
                var out = spec.commandLine().getOut();
                out.println(Ticker.table(tally.counts()));
                told.forEach(line -> out.println(Shown.text(line)));
            });
        }
    }
}
