package smcp.store.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import smcp.audit.AuditConfig;
import smcp.audit.AuditLog;
import smcp.contract.Account.Outcome;
import smcp.contract.Call;
import smcp.contract.ClientFacts;
import smcp.contract.Usage;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.ClientId;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.VersionRef;

/** The audit log, beside a thread that appends lines of the same length to a file, unchained. What a caller waits is what a call pays on its way; the records a second are those of the log's own thread. */
final class AuditBed implements Bed {
    private static final int WAITING = 8_192;
    private static final int LINE = 280;

    private final Path folder;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AuditLog log;

    AuditBed(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.log = AuditLog.open(AuditConfig.defaults(folder), Clock.systemUTC(), _ -> false, meters);
    }

    @Override
    public List<Pair> pairs() {
        var waiting = meters.get("smcp.audit.waiting").gauge();
        Load ours = time -> {
            var call = call();
            var samples = new Load.Samples();
            var began = System.nanoTime();
            for (var start = began; start - began < time.toNanos(); start = System.nanoTime()) {
                log.ended(call, Outcome.COMPLETE, null, 1_500_000);
                samples.add(System.nanoTime() - start);
                if (samples.size() % 256 == 0) {
                    // calls never come as fast as this: the log's thread is let catch up, which is no caller's time
                    while (waiting.value() > WAITING) {
                        LockSupport.parkNanos(20_000);
                    }
                }
            }
            return Load.Figures.of(samples.all(), System.nanoTime() - began);
        };
        var raw = Load.blocking(1, _ -> {
            try {
                var file = new FileOutputStream(folder.resolve("lines").toFile());
                var line = "x".repeat(LINE).getBytes(StandardCharsets.US_ASCII);
                return _ -> {
                    file.write(line);
                    return 1;
                };
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return List.of(new Pair("audit log", "record a call", 1, ours, raw, "one write of a line, no chain, no sync"));
    }

    private static Call call() {
        return new Call(
                new VersionRef(StateLoads.TENANT, 1),
                new Principal.OfClient(new ClientId("bot")),
                Permissions.ALL,
                new ClientFacts(Revision.V2026_07_28, Json.EMPTY_OBJECT, null, null),
                Method.TOOLS_CALL,
                "add",
                Json.of("{\"name\":\"add\",\"arguments\":{}}"),
                Json.of("{}"),
                List.of(),
                null,
                null,
                null,
                null,
                0,
                new Usage());
    }

    @Override
    public void close() throws TimeoutException {
        log.close().await(20, TimeUnit.SECONDS);
    }
}
