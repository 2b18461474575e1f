package smcp.router;

/**
 * How one node has done by the calls that this node sent there. Immutable; times are of one monotonic clock.
 *
 * @param inRow failures since the last success
 * @param good successes lately, counted only since something failed
 * @param bad failures lately
 * @param countedAt when both were last made smaller
 * @param times it was ejected, less those forgotten
 * @param changedAt of {@code times}
 * @param until it is ejected; of no meaning while {@code times} is 0
 */
record Health(int inRow, double good, double bad, long countedAt, int times, long changedAt, long until) {
    static final Health SPOTLESS = new Health(0, 0, 0, 0, 0, 0, 0);
    private static final int MOST_DOUBLINGS = 20;
    /** Less than this of a failure is none. */
    private static final double NOTHING = 0.05;

    boolean ejected(long now) {
        return times > 0 && now - until < 0;
    }

    /** Would a further success change it? */
    boolean spotless() {
        return bad == 0 && times == 0;
    }

    Health succeeded(long now, RouterConfig.Ejection rules) {
        if (spotless()) {
            return this;
        }
        var faded = faded(now, rules);
        return faded.spotless()
                ? SPOTLESS
                : new Health(0, faded.good + 1, faded.bad, faded.countedAt, faded.times, faded.changedAt, faded.until);
    }

    Health failed(long now, RouterConfig.Ejection rules) {
        var faded = faded(now, rules);
        var next = new Health(
                faded.inRow + 1, faded.good, faded.bad + 1, faded.countedAt, faded.times, faded.changedAt, faded.until);
        // one by one a failing link would eject the node again for each of the calls that it took with it
        return !next.ejected(now) && next.outlier(rules) ? next.out(now, rules) : next;
    }

    /** It was removed from the cluster without having said that it goes. If it comes back at once, it is not trusted at once. */
    Health vanished(long now, RouterConfig.Ejection rules) {
        return faded(now, rules).out(now, rules);
    }

    private boolean outlier(RouterConfig.Ejection rules) {
        return inRow >= rules.inRow() || (bad >= rules.inRow() && bad * 100 >= (good + bad) * rules.percent());
    }

    private Health out(long now, RouterConfig.Ejection rules) {
        var pause = rules.first().toNanos() << Math.min(times, MOST_DOUBLINGS);
        var until = now + Math.min(pause, rules.longest().toNanos());
        return new Health(0, 0, 0, now, times + 1, now, until);
    }

    private Health faded(long now, RouterConfig.Ejection rules) {
        var keep = Math.pow(0.5, (double) (now - countedAt) / rules.window().toNanos());
        var badNow = bad * keep < NOTHING ? 0 : bad * keep;
        var forgiven = times == 0
                ? 0
                : (int) Math.min(times, (now - changedAt) / rules.longest().toNanos());
        return new Health(
                inRow,
                badNow == 0 ? 0 : good * keep,
                badNow,
                now,
                times - forgiven,
                forgiven == 0 ? changedAt : now,
                until);
    }
}
