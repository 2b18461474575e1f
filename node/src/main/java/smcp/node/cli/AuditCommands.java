package smcp.node.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import smcp.audit.AuditCheck;
import smcp.audit.AuditReader;

/** {@code smcp audit …}: these read the files of a node, and need it not to run. */
final class AuditCommands {
    private AuditCommands() {}

    /** Where the log is. */
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    static final class Place {
        @Spec(Spec.Target.MIXEE)
        CommandSpec spec;

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description =
                        "Directory of the log, as audit.directory of the node's configuration. Default: .smcp/audit")
        @Nullable
        Path directory;

        Path in(Surroundings around) {
            return around.directory().resolve(directory == null ? Path.of(".smcp", "audit") : directory);
        }
    }

    @Command(
            name = "verify",
            description = {
                "Check the audit log: finds every line that was changed, left out, added or moved.",
                "Ends with 0 if nothing is wrong, and with 1 if anything is."
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init")
    static final class Verify implements Callable<Integer> {
        private final Surroundings around;

        @Mixin
        final Place place = new Place();

        @Option(
                names = "--head",
                paramLabel = "SEQ:MAC",
                description =
                        "A line that was noted elsewhere before, as this command prints it: the log must still have it")
        @Nullable
        String head;

        @Option(names = "--json", description = "Print the report as JSON")
        boolean json;

        Verify(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return Remote.ends(place.spec, () -> {
                var report = check();
                var out = place.spec.commandLine().getOut();
                if (json) {
                    out.println(Remote.pretty(new ObjectMapper().valueToTree(report)));
                } else {
                    report.findings().forEach(finding -> out.println(Shown.text(finding)));
                    out.println(summary(report));
                }
                return report.findings().isEmpty() ? 0 : 1;
            });
        }

        private AuditCheck.Report check() {
            try {
                return AuditCheck.run(place.in(around), head);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(place.spec.commandLine(), e.getMessage());
            } catch (IOException e) {
                throw new Failure("the audit log cannot be read: " + e.getMessage());
            }
        }

        private static String summary(AuditCheck.Report report) {
            var lost = report.lost() == 0 ? "" : "; " + report.lost() + " records could not be kept, as the log says";
            return (report.findings().isEmpty()
                            ? "nothing is wrong"
                            : "NOT GOOD: " + report.findings().size() + " found")
                    + " with lines " + report.first() + " to " + report.last() + " in " + report.files()
                    + (report.files() == 1 ? " file" : " files")
                    + lost
                    + "\nhead " + report.last() + ":" + report.head();
        }
    }

    @Command(
            name = "show",
            description = "Print lines of the audit log, oldest first.",
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init")
    static final class Show implements Callable<Integer> {
        private final Surroundings around;

        @Mixin
        final Place place = new Place();

        @Option(names = "--tenant", paramLabel = "TENANT", description = "Only calls of this tenant")
        @Nullable
        String tenant;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "Only lines of this kind: call, refused, admin, file, lost or removed")
        @Nullable
        String kind;

        @Option(names = "--last", paramLabel = "N", description = "Only the last N of them. Default: ${DEFAULT-VALUE}")
        int last = 100;

        Show(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return Remote.ends(place.spec, () -> {
                if (last < 1 || last > 1_000_000) {
                    throw new ParameterException(place.spec.commandLine(), "--last must be 1 to 1000000, got " + last);
                }
                if (kind != null && !AuditReader.KINDS.contains(kind)) {
                    throw new ParameterException(
                            place.spec.commandLine(),
                            "--kind must be one of " + String.join(", ", AuditReader.KINDS) + ", got \"" + kind + "\"");
                }
                try {
                    var wanted = new AuditReader.Wanted(tenant, kind, last);
                    var out = place.spec.commandLine().getOut();
                    var lines = AuditReader.read(place.in(around), wanted);
                    lines.forEach(line -> out.println(Shown.text(line)));
                    if (lines.isEmpty()) {
                        // not among the lines, which programs read
                        var err = place.spec.commandLine().getErr();
                        err.println("no lines match");
                        err.flush();
                    }
                    return 0;
                } catch (IOException e) {
                    throw new Failure("the audit log cannot be read: "
                            + (Files.isDirectory(place.in(around))
                                    ? e.getMessage()
                                    : "there is no " + place.in(around)));
                }
            });
        }
    }
}
