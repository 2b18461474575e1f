package smcp.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * Who serves a call, block {@code router:} of the node's configuration. The defaults are those that docs/benchmarks/routing.md was made with.
 *
 * @param costs what is added up for a candidate
 * @param facts how often nodes tell of themselves, and how long they are believed
 * @param ejection when a node that fails is left out, and for how long
 */
public record RouterConfig(
        @JsonProperty(value = "costs", required = true) Costs costs,
        @JsonProperty(value = "facts", required = true) Facts facts,
        @JsonProperty(value = "ejection", required = true) Ejection ejection) {
    public static final RouterConfig DEFAULT = new RouterConfig(Costs.DEFAULT, Facts.DEFAULT, Ejection.DEFAULT);

    /**
     * What is added up for a candidate.
     *
     * @param hop what forwarding costs besides the round trip: a call that is parsed, sealed and scheduled twice
     * @param zone least round trip into another zone of the region, whatever is measured: traffic between zones is paid for
     * @param region least round trip into another region
     * @param coldStart of a version that no node has woken yet
     * @param leastColdStart an engine costs memory too, so it is never thought cheaper to start than this
     * @param waited half of what calls have waited is forgotten after this; a cold start counts for less the more they have
     * @param service how long a call runs, while nobody knows
     * @param slowness a version is slow where its calls run this many times as long as where they run shortest
     * @param slownessFrom differences below this are called noise
     * @param indifference costs closer than this are the same
     * @param hysteresisPercent the choice of before is kept while it costs at most so much more than the best one
     */
    public record Costs(
            @JsonProperty(value = "hop", required = true) Duration hop,
            @JsonProperty(value = "zone", required = true) Duration zone,
            @JsonProperty(value = "region", required = true) Duration region,

            @JsonProperty(value = "coldStart", required = true)
            Duration coldStart,

            @JsonProperty(value = "leastColdStart", required = true)
            Duration leastColdStart,

            @JsonProperty(value = "waited", required = true) Duration waited,

            @JsonProperty(value = "service", required = true)
            Duration service,

            @JsonProperty(value = "slowness", required = true)
            int slowness,

            @JsonProperty(value = "slownessFrom", required = true)
            Duration slownessFrom,

            @JsonProperty(value = "indifference", required = true)
            Duration indifference,

            @JsonProperty(value = "hysteresisPercent", required = true)
            int hysteresisPercent) {
        public static final Costs DEFAULT = new Costs(
                Duration.ofNanos(300_000),
                Duration.ofNanos(1_500_000),
                Duration.ofMillis(10),
                Duration.ofMillis(300),
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                3,
                Duration.ofMillis(20),
                Duration.ofMillis(1),
                20);

        public Costs {
            Bounds.within("router.costs.hop", hop, Duration.ZERO, Duration.ofSeconds(1));
            Bounds.within("router.costs.zone", zone, Duration.ZERO, Duration.ofSeconds(10));
            Bounds.within("router.costs.region", region, Duration.ZERO, Duration.ofSeconds(10));
            Bounds.within("router.costs.coldStart", coldStart, Duration.ZERO, Duration.ofMinutes(5));
            Bounds.within("router.costs.leastColdStart", leastColdStart, Duration.ZERO, Duration.ofMinutes(5));
            Bounds.within("router.costs.waited", waited, Duration.ofMillis(1), Duration.ofHours(1));
            Bounds.within("router.costs.service", service, Duration.ofNanos(1_000), Duration.ofMinutes(5));
            Bounds.within("router.costs.slowness", slowness, 2, 1_000);
            Bounds.within("router.costs.slownessFrom", slownessFrom, Duration.ZERO, Duration.ofMinutes(5));
            Bounds.within("router.costs.indifference", indifference, Duration.ZERO, Duration.ofSeconds(1));
            Bounds.within("router.costs.hysteresisPercent", hysteresisPercent, 0, 100);
        }
    }

    /**
     * How often nodes tell of themselves, and how long they are believed.
     *
     * @param every between two reports of a node's loads
     * @param wholeEvery between two reports that have all of it
     * @param atOnce a version that wakes or sleeps is reported after this, with all others that did meanwhile
     * @param mostVersions most versions in one report: the busiest
     * @param fresh facts are as good as new for so long; each further millisecond counts as one of waiting
     * @param silence a node that has told nothing for so long is not chosen while another one is there
     * @param lagFrom an event loop that is late by less is not late
     * @param overload lag of a node's event loop from which it says that it is overloaded
     */
    public record Facts(
            @JsonProperty(value = "every", required = true) Duration every,

            @JsonProperty(value = "wholeEvery", required = true)
            Duration wholeEvery,

            @JsonProperty(value = "atOnce", required = true) Duration atOnce,

            @JsonProperty(value = "mostVersions", required = true)
            int mostVersions,

            @JsonProperty(value = "fresh", required = true) Duration fresh,

            @JsonProperty(value = "silence", required = true)
            Duration silence,

            @JsonProperty(value = "lagFrom", required = true)
            Duration lagFrom,

            @JsonProperty(value = "overload", required = true)
            Duration overload) {
        public static final Facts DEFAULT = new Facts(
                Duration.ofMillis(250),
                Duration.ofSeconds(3),
                Duration.ofMillis(10),
                2_000,
                Duration.ofMillis(750),
                Duration.ofSeconds(2),
                Duration.ofMillis(10),
                Duration.ofMillis(300));

        public Facts {
            Bounds.within("router.facts.every", every, Duration.ofMillis(50), Duration.ofSeconds(10));
            Bounds.within("router.facts.wholeEvery", wholeEvery, every, Duration.ofMinutes(1));
            Bounds.within("router.facts.atOnce", atOnce, Duration.ofMillis(1), every);
            Bounds.within("router.facts.mostVersions", mostVersions, 1, 100_000);
            Bounds.within("router.facts.fresh", fresh, every, Duration.ofMinutes(1));
            Bounds.within("router.facts.silence", silence, fresh, Duration.ofMinutes(1));
            Bounds.within("router.facts.lagFrom", lagFrom, Duration.ofMillis(2), Duration.ofMinutes(1));
            Bounds.within("router.facts.overload", overload, lagFrom, Duration.ofMinutes(1));
        }
    }

    /**
     * When a node that fails is left out, and for how long. Only its own failures count: a lost or unreachable node, a link that is silent; never a tenant's, because then one tenant could take a node from all others.
     *
     * @param inRow failures without a success in between
     * @param percent share of failures in the last seconds; with at least {@code inRow} of them
     * @param window half of a failure is forgotten after this
     * @param first how long the first time; each further time twice as long
     * @param longest how long at most; after so long without a failure one time is forgotten
     * @param sharePercent most of the other nodes that may be left out for failing at a time; one always may
     */
    public record Ejection(
            @JsonProperty(value = "inRow", required = true) int inRow,

            @JsonProperty(value = "percent", required = true)
            int percent,

            @JsonProperty(value = "window", required = true) Duration window,
            @JsonProperty(value = "first", required = true) Duration first,

            @JsonProperty(value = "longest", required = true)
            Duration longest,

            @JsonProperty(value = "sharePercent", required = true)
            int sharePercent) {
        public static final Ejection DEFAULT =
                new Ejection(3, 50, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1), 50);

        public Ejection {
            Bounds.within("router.ejection.inRow", inRow, 1, 1_000);
            Bounds.within("router.ejection.percent", percent, 1, 100);
            Bounds.within("router.ejection.window", window, Duration.ofMillis(100), Duration.ofMinutes(10));
            Bounds.within("router.ejection.first", first, Duration.ofMillis(10), Duration.ofMinutes(10));
            Bounds.within("router.ejection.longest", longest, first, Duration.ofHours(1));
            Bounds.within("router.ejection.sharePercent", sharePercent, 0, 100);
        }
    }

    /** Apart, so that neither the settings' classes nor this one begin with each other. */
    private static final class Bounds {
        static <T extends Comparable<T>> void within(String name, T value, T least, T most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
            }
        }
    }
}
