package smcp.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.UsageSource;
import smcp.contract.UsageSource.Kept;
import smcp.contract.Versioned;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;

/**
 * Gauges of what each tenant keeps: {@code smcp.tenant.<kind>.entries} and {@code .bytes}, with {@code .quota} behind them. Sampled one tenant after the other, because a scrape must not ask a store a thousand questions; of each kind the
 * {@value #MOST} tenants that keep most are shown. One instance; confined to its event loop.
 */
public final class UsageMeter extends VerticleBase {
    /** Tenants that have a gauge of each kind. */
    static final int MOST = 1_000;

    private static final Logger log = LoggerFactory.getLogger(UsageMeter.class);

    private final Registry registry;
    private final List<UsageSource> sources;
    private final MeterRegistry meters;
    private final Duration pause;
    private final Map<String, MultiGauge> gauges = new HashMap<>();
    private boolean failing;

    private record Sample(TenantId tenant, Kept kept) {
        /** Who keeps most comes first. */
        private static final Comparator<Sample> ORDER =
                Comparator.comparingLong(Sample::weight).reversed();

        long weight() {
            return Objects.requireNonNullElse(kept.bytes(), kept.entries());
        }
    }

    /** @param pause between the end of a round and the next */
    public UsageMeter(Registry registry, List<UsageSource> sources, MeterRegistry meters, Duration pause) {
        this.registry = registry;
        this.sources = List.copyOf(sources);
        this.meters = meters;
        this.pause = pause;
    }

    @Override
    public Future<?> start() {
        var _ = round().onComplete(_ -> again()); // nobody waits for it, and it does not fail
        return Future.succeededFuture();
    }

    private void again() {
        vertx.setTimer(pause.toMillis(), _ -> round().onComplete(_ -> again()));
    }

    /** All kinds, all tenants, once. Never fails. */
    Future<Void> round() {
        var done = Future.<Void>succeededFuture();
        for (var source : sources) {
            done = done.compose(_ -> round(source));
        }
        return done.onSuccess(_ -> failing = false).recover(cause -> {
            if (!failing) {
                log.atWarn().setCause(cause).log("usage of tenants cannot be sampled; its gauges stand still");
            }
            failing = true;
            return Future.succeededFuture();
        });
    }

    private Future<Void> round(UsageSource source) {
        var samples = new ArrayList<Sample>();
        var done = Future.<Void>succeededFuture();
        for (var tenant : registry.list(RegistryKey.TENANTS)) {
            done = done.compose(_ -> sample(source, tenant, samples));
        }
        return done.onSuccess(_ -> show(source.kind(), samples));
    }

    private static Future<Void> sample(UsageSource source, Versioned<Tenant> record, List<Sample> into) {
        var tenant = record.value();
        return source.kept(tenant.id(), tenant.limits().over(Limits.DEFAULT)).map(kept -> {
            into.add(new Sample(tenant.id(), kept));
            return null;
        });
    }

    private void show(String kind, List<Sample> samples) {
        samples.sort(Sample.ORDER);
        var shown = samples.subList(0, Math.min(MOST, samples.size()));
        var name = "smcp.tenant." + kind;
        show(name + ".entries", "how many a tenant keeps", shown, Kept::entries);
        show(name + ".entries.quota", "how many a tenant may keep", shown, Kept::entriesQuota);
        show(name + ".bytes", "bytes a tenant keeps", shown, Kept::bytes);
        show(name + ".bytes.quota", "bytes a tenant may keep", shown, Kept::bytesQuota);
    }

    private void show(String name, String what, List<Sample> samples, Function<Kept, @Nullable Long> figure) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (var sample : samples) {
            var value = figure.apply(sample.kept());
            if (value != null) {
                rows.add(MultiGauge.Row.of(Tags.of("tenant", sample.tenant().value()), value));
            }
        }
        if (!rows.isEmpty() || gauges.containsKey(name)) {
            gauges.computeIfAbsent(
                            name,
                            _ -> MultiGauge.builder(name).description(what).register(meters))
                    .register(rows, true);
        }
    }
}
