package smcp.router;

/**
 * The node that serves a call.
 *
 * @param node its index in the situation
 * @param costNanos what it is expected to cost beyond the tenant's own work
 * @param fitness the worst that had to be considered
 */
record Choice(int node, long costNanos, Fitness fitness) {}
