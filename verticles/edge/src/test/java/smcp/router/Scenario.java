package smcp.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import smcp.tenant.VersionRef;

/** Something that happens to a cluster, in parts of which each is counted by itself. */
final class Scenario {
    private static final double SERVICE = 20;
    private static final double COLD_START = 300;

    private final String name;
    private final String what;
    private final SimCluster cluster;
    private final Map<String, Tally> parts = new LinkedHashMap<>();

    private Scenario(String name, String what, SimCluster cluster) {
        this.name = name;
        this.what = what;
        this.cluster = cluster;
    }

    static List<Scenario> all() {
        return List.of(
                slowNode(),
                deadRegion(),
                hotTenant(),
                flappingNode(),
                coldTenant(),
                unevenRegions(),
                rollingRestart(),
                hungNode());
    }

    String name() {
        return name;
    }

    Tally part(String part) {
        var tally = parts.get(part);
        if (tally == null) {
            throw new IllegalArgumentException("no part " + part + " in " + name);
        }
        return tally;
    }

    /** Its section of the report. */
    List<String> section() {
        var lines = new ArrayList<String>();
        lines.add("## " + name);
        lines.add("");
        lines.add(what);
        lines.add("");
        lines.add(
                "| part | calls | executed on | p50 ms | p99 ms | engines started | wrong choices | second attempts | failed | cut |");
        lines.add("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|");
        parts.forEach((part, tally) -> lines.add(tally.row(part)));
        return lines;
    }

    private void until(double seconds, String part) {
        cluster.time().until(Samples.millis(seconds * 1_000));
        parts.put(part, cluster.tally());
    }

    /** Lets the calls under way end; they belong to the parts in which they began. */
    private Scenario settled() {
        cluster.time().until(cluster.time().now() + Samples.millis(70_000));
        return this;
    }

    private static SimCluster cluster(long seed, Map<String, Long> between) {
        return new SimCluster(seed, between, Samples.millis(SERVICE), Samples.millis(COLD_START));
    }

    private static long end(double seconds) {
        return Samples.millis(seconds * 1_000);
    }

    private static VersionRef tenant(int number) {
        return Samples.version("tenant-" + number);
    }

    private void nodes(String region, int count) {
        for (var i = 1; i <= count; i++) {
            cluster.join(region + i, region, "z" + (1 + (i - 1) % 3));
        }
    }

    static Scenario slowNode() {
        var it = new Scenario(
                "Slow node",
                "Three nodes of one region, ten small tenants and a large one whose clients are spread evenly. From 10 s to 30 s everything takes ten times as long on a2.",
                cluster(1, Map.of()));
        it.nodes("a", 3);
        for (var node : List.of("a1", "a2", "a3")) {
            it.cluster.clients(Samples.version("large"), node, null, 1_000, end(40));
            for (var i = 0; i < 10; i++) {
                it.cluster.clients(tenant(i), node, null, 2, end(40));
            }
        }
        it.until(10, "before");
        it.cluster.node("a2").slow(10);
        it.until(12, "first 2 s");
        it.until(30, "slow");
        it.cluster.node("a2").slow(1);
        it.until(40, "after");
        return it.settled();
    }

    static Scenario deadRegion() {
        var it = new Scenario(
                "Dead region",
                "Two regions of three nodes, 80 ms apart, twelve tenants with clients in both. At 10 s all nodes of b are killed, their clients go to a1; at 20 s they are back.",
                cluster(2, Map.of("a-b", Samples.millis(80))));
        it.nodes("a", 3);
        it.nodes("b", 3);
        for (var i = 0; i < 12; i++) {
            for (var node = 1; node <= 3; node++) {
                it.cluster.clients(tenant(i), "a" + node, null, 10, end(30));
                it.cluster.clients(tenant(i), "b" + node, "a1", 10, end(30));
            }
        }
        it.until(10, "before");
        List.of("b1", "b2", "b3").forEach(it.cluster::kill);
        it.until(11, "first second");
        it.until(20, "dead");
        it.nodes("b", 3);
        it.until(30, "after");
        return it.settled();
    }

    static Scenario hotTenant() {
        var it = new Scenario(
                "Hot tenant",
                "Five nodes of one region; one engine answers 1,600 calls a second at most. One tenant's calls grow from 200 to 5,000 a second and fall again, coming in at all nodes.",
                cluster(3, Map.of()));
        it.nodes("a", 5);
        var rates = List.of(200, 1_500, 3_000, 5_000, 200);
        var from = 0;
        for (var rate : rates) {
            for (var node = 1; node <= 5; node++) {
                it.cluster.clients(Samples.version("hot"), "a" + node, null, rate / 5.0, end(from + 8));
            }
            it.until(from + 2, rate + "/s, " + from + " to " + (from + 2) + " s");
            it.until(from + 8, rate + "/s, " + (from + 2) + " to " + (from + 8) + " s");
            from += 8;
        }
        return it.settled();
    }

    static Scenario flappingNode() {
        var it = new Scenario(
                "Flapping node",
                "Four nodes of one region, forty tenants with clients at a1 to a3. From 10 s on a4 is killed, comes back a second later, and is killed again two seconds after that, ten times.",
                cluster(4, Map.of()));
        it.nodes("a", 4);
        for (var i = 0; i < 40; i++) {
            for (var node = 1; node <= 3; node++) {
                it.cluster.clients(tenant(i), "a" + node, null, 5, end(60));
            }
        }
        it.until(10, "before");
        for (var round = 0; round < 10; round++) {
            it.cluster.kill("a4");
            it.cluster.time().until(end(11 + 3 * round));
            it.cluster.join("a4", "a", "z1");
            it.cluster.time().until(end(13 + 3 * round));
            if (round == 1) {
                it.parts.put("first two times", it.cluster.tally());
            }
        }
        it.until(40, "eight more");
        it.until(60, "after");
        return it.settled();
    }

    static Scenario coldTenant() {
        var it = new Scenario(
                "Stampede on a cold tenant",
                "Two regions of four nodes, 80 ms apart. Twenty tenants that sleep are called one after the other, each 160 times within 5 ms at all nodes of a: more than one engine works on at once. Then each once at all nodes of b at the same moment.",
                cluster(5, Map.of("a-b", Samples.millis(80))));
        it.nodes("a", 4);
        it.nodes("b", 4);
        it.cluster.time().until(end(2));
        for (var i = 0; i < 20; i++) {
            for (var call = 0; call < 160; call++) {
                var at = "a" + (1 + call % 4);
                var version = tenant(i);
                it.cluster.time().in(end(i * 0.1) + call * 31_000L, () -> it.cluster.call(version, at));
            }
        }
        it.until(6, "called in a");
        for (var i = 0; i < 20; i++) {
            for (var node = 1; node <= 4; node++) {
                it.cluster.call(tenant(i), "b" + node);
            }
        }
        it.until(10, "called in b");
        for (var i = 20; i < 40; i++) {
            for (var node = 1; node <= 4; node++) {
                it.cluster.call(tenant(i), "b" + node);
            }
        }
        it.until(14, "others, only in b");
        return it.settled();
    }

    static Scenario unevenRegions() {
        var it = new Scenario(
                "Uneven regions",
                "Five nodes in a, one in b, 60 ms apart; as many calls come in at b1 as at all of a. One engine answers 1,600 calls a second; the large tenant gets up to 2,400 a second in each region.",
                cluster(6, Map.of("a-b", Samples.millis(60))));
        it.nodes("a", 5);
        it.nodes("b", 1);
        var large = Samples.version("large");
        var rates = List.of(600, 1_500, 2_400);
        var from = 0;
        for (var rate : rates) {
            for (var node = 1; node <= 5; node++) {
                it.cluster.clients(large, "a" + node, null, rate / 5.0, end(from + 10));
            }
            it.cluster.clients(large, "b1", null, rate, end(from + 10));
            it.until(from + 10, rate + "/s in each");
            from += 10;
        }
        return it.settled();
    }

    static Scenario rollingRestart() {
        var it = new Scenario(
                "Draining nodes",
                "Four nodes of one region, twenty tenants; clients of a node that is not ready go to a1 or, while that drains, to a2. Each node in turn drains for 3 s, goes, and is back 2 s later.",
                cluster(7, Map.of()));
        it.nodes("a", 4);
        for (var i = 0; i < 20; i++) {
            it.cluster.clients(tenant(i), "a1", "a2", 10, end(60));
            for (var node = 2; node <= 4; node++) {
                it.cluster.clients(tenant(i), "a" + node, "a1", 10, end(60));
            }
        }
        it.until(10, "before");
        for (var node = 1; node <= 4; node++) {
            it.cluster.drain("a" + node, end(3));
            it.cluster.time().until(end(10 + 8 * (node - 1) + 5));
            it.cluster.join("a" + node, "a", "z" + (1 + (node - 1) % 3));
            it.until(10 + 8 * node, "a" + node + " restarts");
        }
        it.until(60, "after");
        return it.settled();
    }

    static Scenario hungNode() {
        var it = new Scenario(
                "Hung node",
                "Four nodes of one region, twenty tenants with clients at a1 to a3. At 10 s a4 stops doing anything, is removed from the cluster 5 s later, and its calls end then.",
                cluster(8, Map.of()));
        it.nodes("a", 4);
        for (var i = 0; i < 20; i++) {
            for (var node = 1; node <= 3; node++) {
                it.cluster.clients(tenant(i), "a" + node, null, 10, end(30));
            }
        }
        it.until(10, "before");
        it.cluster.hang("a4");
        it.until(12, "first 2 s");
        it.until(15, "until it is removed");
        it.until(30, "after");
        return it.settled();
    }
}
