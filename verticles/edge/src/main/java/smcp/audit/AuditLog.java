package smcp.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.audit.AuditConfig.WhenFull;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Account;
import smcp.contract.AuditTrail;
import smcp.contract.Call;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** The audit log of a node: every admin action and call, as a chain of JSON lines in files ({@link AuditLine}). The hot path pays for one small object. */
public final class AuditLog implements AuditTrail, Account {
    private final AuditConfig config;
    private final InstantSource clock;
    private final Predicate<VersionRef> wantsArguments;
    private final AuditQueue queue;
    private final AuditWriter writer;
    private final LongAdder lost = new LongAdder();

    private AuditLog(
            AuditConfig config,
            InstantSource clock,
            Predicate<VersionRef> wantsArguments,
            AuditFiles files,
            MeterRegistry meters) {
        this.config = config;
        this.clock = clock;
        this.wantsArguments = wantsArguments;
        this.queue = new AuditQueue(config.queue());
        var records = Counter.builder("smcp.audit.records")
                .description("records of the audit log")
                .register(meters);
        this.writer = new AuditWriter(config, clock, files, queue, records::increment);
        FunctionCounter.builder("smcp.audit.lost", lost, LongAdder::sum)
                .description("records that did not fit in the queue to the audit log")
                .register(meters);
        Gauge.builder("smcp.audit.waiting", queue, AuditQueue::size)
                .description("records that wait for the audit log's disk")
                .register(meters);
        Gauge.builder("smcp.audit.writable", writer, thread -> thread.trouble() == null ? 1 : 0)
                .description("1 while the audit log can be written")
                .register(meters);
    }

    /**
     * Opens the log and starts its thread. Blocks.
     *
     * @param wantsArguments whether a version's package asks for the arguments of its calls
     * @throws IOException if it cannot be written
     */
    public static AuditLog open(
            AuditConfig config, InstantSource clock, Predicate<VersionRef> wantsArguments, MeterRegistry meters)
            throws IOException {
        var opened = new AuditLog(config, clock, wantsArguments, AuditFiles.open(config, clock), meters);
        opened.writer.start();
        return opened;
    }

    @Override
    public @Nullable Fault refusal() {
        if (config.whenFull() == WhenFull.SERVE) {
            return null;
        }
        if (writer.trouble() != null) {
            return unwritten("");
        }
        return queue.halfFull() ? unwritten(" as fast as calls come") : null;
    }

    /** What callers hear; why it is so is for the operator, in the node's own log. */
    private static Fault unwritten(String how) {
        return new Fault(
                Kind.STORE_UNAVAILABLE,
                "the audit log cannot be written" + how + ", and nothing is done that is not recorded");
    }

    @Override
    public void ended(Call call, Outcome outcome, @Nullable Fault fault, long nanos) {
        add(new AuditEntry.Ended(
                clock.millis(),
                call.version(),
                call.principal(),
                call.method().wire(),
                call.name(),
                outcome,
                fault == null ? null : fault.kind().name(),
                nanos,
                call.params().length(),
                call.used().responseBytes(),
                call.arguments() != null && wantsArguments.test(call.version()) ? call.arguments() : null));
    }

    @Override
    public void refused(TenantId tenant, Principal principal, String method, String name, Fault why) {
        add(new AuditEntry.Refused(
                clock.millis(), tenant, principal, method, name, why.kind().name()));
    }

    private void add(AuditEntry entry) {
        if (queue.offer(entry)) {
            writer.nudge();
        } else {
            lost.increment();
        }
    }

    @Override
    public Future<Void> admin(Action action) {
        var written = Promise.<Void>promise();
        if (queue.offer(new AuditEntry.Admin(clock.millis(), action, written))) {
            writer.hurry();
            return written.future();
        }
        lost.increment();
        return config.whenFull() == WhenFull.SERVE
                ? Future.succeededFuture()
                : Future.failedFuture(unwritten(" as fast as records come"));
    }

    /** Writes what waits; what comes later is lost. */
    public Future<Void> close() {
        return writer.close().future();
    }
}
