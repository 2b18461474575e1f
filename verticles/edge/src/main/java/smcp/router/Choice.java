package smcp.router;

/**
 * The node that serves a call.
 *
 * @param node its index in the situation
 * @param costNanos what it is expected to cost beyond the tenant's own work
 * @param awake the version is awake there; otherwise it starts, and nothing is owed any more for what calls have waited
 * @param avoidableNanos the part of it that one more engine, near by, would spare the calls that follow
 * @param fitness the worst that had to be considered
 */
record Choice(int node, long costNanos, boolean awake, long avoidableNanos, Fitness fitness) {}
