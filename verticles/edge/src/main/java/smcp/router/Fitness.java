package smcp.router;

/** Whether a node is to be given calls. In this order: a worse one is only chosen when no better one is there. */
enum Fitness {
    FIT,
    /** Silent, ejected, overloaded, or without a free place in the queue: it may fail. */
    DOUBTFUL,
    /** It drains: it answers that it takes nothing, but it is the last resort of its own clients. */
    LEAVING;

    Fitness orWorse(Fitness other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
