package smcp.router;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.ClientFacts;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.contract.Member;
import smcp.contract.Offer;
import smcp.contract.TenantDirectory;
import smcp.contract.TenantEntry;
import smcp.contract.Usage;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Limits;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.VersionRef;

/** Members, calls and loads for tests. */
final class Samples {
    static final VersionRef ACME = version("acme");
    static final RouterConfig.Costs COSTS = RouterConfig.Costs.DEFAULT;

    private Samples() {}

    static VersionRef version(String tenant) {
        return new VersionRef(new TenantId(tenant), 1);
    }

    static Member member(String name, String region, String zone) {
        var id = String.format(Locale.ROOT, "%016x", Rendezvous.hash(name));
        return new Member(id, "run-" + name, name, region, zone, "127.0.0.1", 1, "test");
    }

    static Load awake(VersionRef version, int running, int waiting) {
        return new Load(version, Phase.AWAKE, running, waiting, 8, 64, millis(20), millis(200));
    }

    static Load starting(VersionRef version, int waiting) {
        return new Load(version, Phase.STARTING, 0, waiting, 8, 64, 0, 0);
    }

    static long millis(double count) {
        return (long) (count * 1_000_000);
    }

    static Call call(VersionRef version, Method method, String name, long deadlineNanos) {
        return new Call(
                version,
                new Principal.Anonymous(),
                Permissions.ALL,
                new ClientFacts(Revision.NEWEST_LEGACY, Json.EMPTY_OBJECT, null, null),
                method,
                name,
                Json.EMPTY_OBJECT,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                deadlineNanos,
                new Usage());
    }

    static Call tool(String name) {
        return call(
                ACME,
                Method.TOOLS_CALL,
                name,
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    /** Every tenant offers the same tools; those are harmless to repeat that {@code repeatable} says. */
    static TenantDirectory directory(Predicate<String> repeatable) {
        var offer = new Tools(repeatable);
        return name -> new TenantEntry(
                new Tenant(new TenantId(name), true, Trust.OPERATOR, Limits.Wish.NONE, List.of(), 1, Instant.EPOCH),
                Map.of(1, offer),
                Map.of());
    }

    /** An offer of which only the tools' promises are known. */
    private record Tools(Predicate<String> which) implements Offer {
        @Override
        public boolean repeatable(String tool) {
            return which.test(tool);
        }

        @Override
        public CatalogueEdition edition() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean declares(String capability) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean declares(String capability, String flag) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasTool(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean once(String tool) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<MirroredParam> mirrored(String tool) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Json answer(
                Method method, Revision revision, @Nullable String cursor, Permissions permissions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Json initializeResult(Revision revision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Json serverInfo() {
            throw new UnsupportedOperationException();
        }
    }
}
