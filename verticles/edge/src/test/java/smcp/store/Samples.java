package smcp.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Exchange;
import smcp.contract.SessionRecord;
import smcp.protocol.Json;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.VersionRef;

/** Records for the tests, and how a test waits for a future. */
public final class Samples {
    public static final TenantId ACME = new TenantId("acme");
    public static final TenantId OTHER = new TenantId("other");
    public static final Instant T0 = Instant.parse("2026-07-28T10:00:00.123456789Z");

    /** Keys somebody may have chosen to break out of something. */
    public static final List<String> HOSTILE = List.of(
            "'; DROP TABLE session; --",
            "\"quoted\"",
            "a/../b",
            "%_",
            "😀 naïve ȷøn",
            "e\u0301",
            "é",
            "{}",
            "x".repeat(512));

    private Samples() {}

    /** The result, within ten seconds. */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 10 s", e);
        }
    }

    @CanIgnoreReturnValue
    public static AbstractThrowableAssert<?, ? extends Throwable> assertFault(Future<?> future, Fault.Kind kind) {
        return Assertions.assertThatThrownBy(() -> get(future))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> Assertions.assertThat(fault.kind()).isEqualTo(kind));
    }

    public static Tenant tenant(String id, int lastVersion) {
        return new Tenant(new TenantId(id), false, Trust.UNTRUSTED, Limits.Wish.NONE, List.of(), lastVersion, T0);
    }

    public static SessionRecord session(TenantId tenant, String id) {
        return new SessionRecord(
                id,
                new VersionRef(tenant, 1),
                "client:bob",
                "2025-11-25",
                "{\"sampling\":{}}",
                "{\"name\":\"c\"}",
                null,
                Map.of("file:///a", 7L),
                3,
                T0,
                1);
    }

    public static Exchange exchange(String id, Instant deadline) {
        return new Exchange(
                id,
                "stream",
                4,
                "\"7\"",
                "tools/call",
                "ask",
                "{\"name\":\"ask\"}",
                List.of("\"com.example/trace\":\"ü\""),
                null,
                1,
                Map.of("r1", "k1"),
                Map.of(),
                null,
                deadline,
                1);
    }

    public static Exchange withStamp(Exchange was, long stamp, Instant deadline) {
        return new Exchange(
                was.id(),
                was.stream(),
                was.nextSeq(),
                was.requestId(),
                was.method(),
                was.name(),
                was.params(),
                was.foreignMeta(),
                was.progressToken(),
                was.round(),
                was.waiting(),
                was.answers(),
                was.state(),
                deadline,
                stamp);
    }

    public static List<Json> frames(String... texts) {
        return Arrays.stream(texts).map(Json::of).toList();
    }
}
