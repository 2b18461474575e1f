package smcp.audit;

import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import smcp.contract.Account.Outcome;
import smcp.contract.AuditTrail.Action;
import smcp.protocol.Json;
import smcp.protocol.Splice;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** What becomes one line of the log. Made on a hot path, so it only takes what is at hand; the log's own thread makes the line of it. */
sealed interface AuditEntry {
    /** Longest arguments that are written out; of longer ones only the length is. */
    int LONGEST_ARGUMENTS = 16 << 10;

    /** Milliseconds since 1970. */
    long at();

    /** Puts the members that only this kind of entry has, each {@code ,"key":value}. */
    void putTo(Splice line);

    String kind();

    /** A rough number of bytes, for the bound of the queue. */
    default int weight() {
        return 256;
    }

    /** A call that was admitted, at its end. */
    record Ended(
            long at,
            VersionRef version,
            Principal principal,
            String method,
            String name,
            Outcome outcome,
            @Nullable String fault,
            long nanos,
            int bytesIn,
            long bytesOut,
            @Nullable Json arguments)
            implements AuditEntry {
        @Override
        public String kind() {
            return "call";
        }

        @Override
        public int weight() {
            return 256 + (arguments == null ? 0 : Math.min(arguments.length(), LONGEST_ARGUMENTS));
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.text(line, "principal", principal.name());
            AuditLine.text(line, "tenant", version.tenant().value());
            AuditLine.number(line, "version", version.number());
            AuditLine.text(line, "method", method);
            AuditLine.text(line, "name", name);
            AuditLine.text(line, "outcome", AuditLine.word(outcome));
            if (fault != null) {
                AuditLine.text(line, "fault", fault);
            }
            AuditLine.number(line, "micros", nanos / 1_000);
            AuditLine.number(line, "bytesIn", bytesIn);
            AuditLine.number(line, "bytesOut", bytesOut);
            if (arguments != null) {
                putArguments(line, arguments);
            }
        }

        private static void putArguments(Splice line, Json arguments) {
            if (arguments.length() > LONGEST_ARGUMENTS) {
                AuditLine.number(line, "argumentsBytes", arguments.length());
            } else {
                AuditLine.json(line, "arguments", arguments);
            }
        }
    }

    /** A call that the gate refused. */
    record Refused(long at, TenantId tenant, Principal principal, String method, String name, String fault)
            implements AuditEntry {
        @Override
        public String kind() {
            return "refused";
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.text(line, "principal", principal.name());
            AuditLine.text(line, "tenant", tenant.value());
            AuditLine.text(line, "method", method);
            AuditLine.text(line, "name", name);
            AuditLine.text(line, "fault", fault);
        }
    }

    /** @param written completes when the line is on the disk */
    record Admin(long at, Action action, Promise<Void> written) implements AuditEntry {
        @Override
        public String kind() {
            return "admin";
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.text(line, "principal", action.by());
            AuditLine.text(line, "action", action.what());
            AuditLine.text(line, "outcome", action.outcome());
            AuditLine.text(line, "request", action.request());
        }
    }

    /** The first line of every file: which log it is, and where its chain goes on. */
    record Opened(long at, String log, String previous) implements AuditEntry {
        @Override
        public String kind() {
            return "file";
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.text(line, "log", log);
            AuditLine.text(line, "previous", previous);
        }
    }

    /** Records that could not be kept, in their place. */
    record Lost(long at, long records) implements AuditEntry {
        @Override
        public String kind() {
            return "lost";
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.number(line, "records", records);
        }
    }

    /** The oldest file was removed by the operator's own setting; it held everything up to {@code through}. */
    record Removed(long at, String file, long through) implements AuditEntry {
        @Override
        public String kind() {
            return "removed";
        }

        @Override
        public void putTo(Splice line) {
            AuditLine.text(line, "file", file);
            AuditLine.number(line, "through", through);
        }
    }
}
