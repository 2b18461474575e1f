package smcp.router;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import smcp.contract.Loads;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.contract.Member;
import smcp.contract.NodeStatus;
import smcp.tenant.VersionRef;

/** Writes what this node tells of itself: now and then everything, in between what has changed. Confined by its owner. */
final class StatusWriter {
    /** A pace that differs by less than one part in this many is the same. */
    private static final int SAME_PACE = 8;

    private final Member self;
    private final Loads loads;
    private final RouterConfig.Facts rules;
    private final Map<VersionRef, Load> told = new HashMap<>();
    private long number;
    private long wholeAt;

    StatusWriter(Member self, Loads loads, RouterConfig.Facts rules) {
        this.self = self;
        this.loads = loads;
        this.rules = rules;
    }

    /**
     * The next report.
     *
     * @param whole somebody has come who knows nothing yet
     */
    NodeStatus next(boolean draining, boolean overloaded, long lagNanos, long now, boolean whole) {
        number++;
        var all = loads.all();
        var everything =
                whole || number == 1 || now - wholeAt >= rules.wholeEvery().toNanos();
        var asleep = asleep(all);
        var news = busiest(everything ? all : all.stream().filter(this::isNews).toList());
        if (everything) {
            wholeAt = now;
            told.clear();
        } else {
            asleep.forEach(told::remove);
        }
        news.forEach(load -> told.put(load.version(), load));
        return new NodeStatus(
                self.id(),
                self.run(),
                number,
                everything,
                draining,
                overloaded,
                lagNanos,
                (int) all.stream().filter(load -> load.phase() == Phase.AWAKE).count(),
                all.stream().mapToInt(Load::running).sum(),
                all.stream().mapToInt(Load::waiting).sum(),
                news,
                everything ? List.of() : asleep);
    }

    private List<VersionRef> asleep(List<Load> all) {
        var gone = new HashMap<>(told);
        all.forEach(load -> gone.remove(load.version()));
        return List.copyOf(gone.keySet());
    }

    private List<Load> busiest(List<Load> news) {
        if (news.size() <= rules.mostVersions()) {
            return news;
        }
        var sorted = new ArrayList<>(news);
        sorted.sort(Comparator.comparingInt(Load::calls).reversed());
        return List.copyOf(sorted.subList(0, rules.mostVersions()));
    }

    private boolean isNews(Load load) {
        var was = told.get(load.version());
        return was == null
                || was.phase() != load.phase()
                || was.running() != load.running()
                || was.waiting() != load.waiting()
                || was.concurrency() != load.concurrency()
                || was.queue() != load.queue()
                || differs(was.serviceNanos(), load.serviceNanos())
                || differs(was.coldStartNanos(), load.coldStartNanos());
    }

    private static boolean differs(long was, long is) {
        return Math.abs(is - was) > was / SAME_PACE;
    }
}
