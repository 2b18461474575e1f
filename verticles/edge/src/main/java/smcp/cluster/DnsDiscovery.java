package smcp.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes are whatever a name stands for at this moment. Asked when a node joins, and again whenever it looks for another half of the cluster. */
final class DnsDiscovery extends AbstractDiscoveryStrategy {
    private static final Logger log = LoggerFactory.getLogger(DnsDiscovery.class);
    /** Of one look; a resolver that is gone takes longer by itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MOST = 256;

    /** Who knows names. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    private final HostPort at;
    private final Resolver resolver;

    private DnsDiscovery(ILogger logger, HostPort at, Resolver resolver) {
        super(logger, Map.of());
        this.at = at;
        this.resolver = resolver;
    }

    static DiscoveryStrategyConfig looking(HostPort at, Resolver resolver) {
        return new DiscoveryStrategyConfig(new Factory(at, resolver));
    }

    @Override
    public Iterable<DiscoveryNode> discoverNodes() {
        return resolved().stream()
                .limit(MOST)
                .<DiscoveryNode>map(address -> new SimpleDiscoveryNode(new Address(address, at.port())))
                .toList();
    }

    private List<InetAddress> resolved() {
        var look = new FutureTask<>(() -> Arrays.asList(resolver.all(at.host())));
        var _ = Thread.ofVirtual().start(look);
        try {
            return look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.atWarn()
                    .addKeyValue("name", at.host())
                    .addKeyValue("reason", e instanceof TimeoutException ? "no answer in " + PATIENCE : e.getCause())
                    .log("the name of the cluster was not resolved");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    /**
     * What Hazelcast makes the strategy with.
     *
     * @param at the name, and the port of all its addresses
     */
    private record Factory(HostPort at, Resolver resolver) implements DiscoveryStrategyFactory {
        @Override
        public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
            return DnsDiscovery.class;
        }

        @Override
        @SuppressWarnings("rawtypes") // as Hazelcast has it
        public DiscoveryStrategy newDiscoveryStrategy(
                DiscoveryNode self, ILogger logger, Map<String, Comparable> properties) {
            return new DnsDiscovery(logger, at, resolver);
        }

        @Override
        public Collection<PropertyDefinition> getConfigurationProperties() {
            return List.of();
        }
    }
}
