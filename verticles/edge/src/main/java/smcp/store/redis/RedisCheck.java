package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.store.Durability;
import smcp.store.Durability.Fencing;
import smcp.store.Durability.Level;
import smcp.store.redis.RedisConfig.Mode;
import smcp.store.redis.RedisConfig.Required;

/** Asks the masters, when a node starts, what they keep, and says what can be promised over them. */
final class RedisCheck {
    private static final Logger log = LoggerFactory.getLogger(RedisCheck.class);

    /** The oldest line of Redis this program is tested with; Valkey calls itself 7.2.4 or later here. */
    private static final int OLDEST_MAJOR = 7;

    private static final String UNKNOWN = "unknown";

    private final RedisConfig config;

    private RedisCheck(RedisConfig config) {
        this.config = config;
    }

    /**
     * What one server says of itself.
     *
     * @param fsync {@code always}, {@code everysec}, {@code no}, or {@code unknown} where the login may not ask
     */
    record Server(String version, boolean appendOnly, String fsync, String eviction, int replicas) {
        private Level level() {
            return switch (appendOnly ? fsync : "") {
                case "always" -> Level.DISK;
                case "everysec" -> Level.SYSTEM;
                default -> Level.MEMORY;
            };
        }

        private boolean tooOld() {
            var dot = version.indexOf('.');
            return dot < 1 || Integer.parseInt(version.substring(0, dot)) < OLDEST_MAJOR;
        }
    }

    /** What can be promised. Fails with sentences if the servers keep less than the configuration requires. */
    static Future<Promised> check(RedisLink link) {
        var check = new RedisCheck(link.config());
        return link.everyMaster(Request.cmd(Command.INFO))
                .compose(infos -> fsyncs(link).map(fsyncs -> check.judge(infos, fsyncs)));
    }

    /** A managed Redis may not let its settings be read. */
    private static Future<List<String>> fsyncs(RedisLink link) {
        return link.everyMaster(Request.cmd(Command.CONFIG).arg("GET").arg("appendfsync"))
                .map(all -> all.stream().map(RedisCheck::value).toList())
                .otherwise(List.of());
    }

    private static String value(Response setting) {
        var value = setting.isMap() ? setting.get("appendfsync") : setting.get(1);
        return value == null ? UNKNOWN : value.toString();
    }

    /** What the registry and the rest promise. */
    record Promised(Durability registry, Durability values, List<Server> servers) {}

    private Promised judge(List<Response> infos, List<String> fsyncs) {
        var servers = new ArrayList<Server>();
        for (var i = 0; i < infos.size(); i++) {
            servers.add(server(fields(infos.get(i).toString()), i < fsyncs.size() ? fsyncs.get(i) : UNKNOWN));
        }
        var wrong = wrong(servers);
        if (!wrong.isEmpty()
                && (config.durability() == Required.REQUIRE || servers.stream().anyMatch(Server::tooOld))) {
            throw RedisFaults.unavailable(
                    String.join("; ", wrong) + "; or set store.redis.durability to accept, and live with the loss");
        }
        wrong.forEach(each -> log.atWarn().addKeyValue("problem", each).log("Redis keeps less than it should"));
        return new Promised(promised(servers, config.registry().waitReplicas()), promised(servers, 0), servers);
    }

    private static Map<String, String> fields(String info) {
        var fields = new HashMap<String, String>();
        info.lines().forEach(line -> {
            var colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return fields;
    }

    private static Server server(Map<String, String> info, String fsync) {
        return new Server(
                info.getOrDefault("redis_version", UNKNOWN),
                info.getOrDefault("aof_enabled", "0").equals("1"),
                fsync,
                info.getOrDefault("maxmemory_policy", UNKNOWN),
                Integer.parseInt(info.getOrDefault("connected_slaves", "0")));
    }

    private List<String> wrong(List<Server> servers) {
        var wrong = new LinkedHashSet<String>();
        for (var server : servers) {
            if (server.tooOld()) {
                wrong.add("it is version " + server.version() + ", needed is " + OLDEST_MAJOR + ".0 or later");
            }
            if (!server.appendOnly()) {
                wrong.add("appendonly is no, so a restart loses what was acknowledged: set it to yes");
            } else if (server.fsync().equals(UNKNOWN)) {
                wrong.add("appendfsync cannot be read: allow the login CONFIG|GET");
            } else if (server.fsync().equals("no")) {
                wrong.add(
                        "appendfsync is no, so nobody knows when a write is on the disk: set it to everysec or always");
            }
            if (!server.eviction().equals("noeviction")) {
                wrong.add("maxmemory-policy is " + server.eviction()
                        + ", so it throws data away when memory runs short: set it to noeviction");
            }
            var wanted = config.registry().waitReplicas();
            if (server.replicas() < wanted && config.mode() != Mode.CLUSTER) {
                log.atWarn()
                        .addKeyValue("replicas", server.replicas())
                        .addKeyValue("wanted", wanted)
                        .log("writes of the registry will fail: too few replicas");
            }
        }
        return List.copyOf(wrong);
    }

    private Durability promised(List<Server> servers, int replicas) {
        var level = servers.stream().map(Server::level).min(Level::compareTo).orElse(Level.MEMORY);
        return new Durability(level, Fencing.COMPARED, machine(level) + "; " + failover(replicas));
    }

    private static String machine(Level level) {
        return switch (level) {
            case DISK, REPLICATED_DISK -> "the disk of the master itself";
            case SYSTEM -> "the last second of writes if the master's machine stops (two, if its disk is slow)";
            case MEMORY -> "everything, or what came after its last snapshot, when the master's process ends";
        };
    }

    private String failover(int replicas) {
        if (config.mode() == Mode.STANDALONE && replicas == 0) {
            return "no replica is waited for";
        }
        return replicas > 0
                ? "a failover keeps what " + replicas + " replica" + (replicas == 1 ? " has" : "s have")
                        + " confirmed, if one of those takes over"
                : "a failover loses what the new master had not received, as a rule less than a second";
    }
}
