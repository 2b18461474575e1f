package smcp.store;

import smcp.contract.StoreReport;

/**
 * What a store promises about an acknowledged write.
 *
 * @param level where it is when its future completes
 * @param fencing what keeps out a writer that was overtaken and does not know it
 * @param loss what can still take it away, as a sentence for the operator
 */
public record Durability(Level level, Fencing fencing, String loss) {
    /** Where an acknowledged write is. */
    public enum Level {
        /** In this process. */
        MEMORY("memory"),
        /** With the operating system; a crash of the process does not touch it. */
        SYSTEM("system"),
        /** On the disk. */
        DISK("disk"),
        /** On the disks of a majority of the members. */
        REPLICATED_DISK("replicated+disk");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** What keeps out a writer that was overtaken and does not know it. */
    public enum Fencing {
        /** There is no other: one process has the store, and a lock sees to it. */
        ONE_PROCESS,
        /** Each change names the revision it was made from, and the store that all writers share compares. */
        COMPARED,
        /** The same, and the changes are put in order by a leader whom a majority made it, for one term; what an earlier leader says is refused. */
        TERM
    }

    /** Of a store that one process has. */
    Durability(Level level, String loss) {
        this(level, Fencing.ONE_PROCESS, loss);
    }

    /** For the report on a node's stores. */
    public StoreReport.Store told(String name, String kind) {
        return new StoreReport.Store(
                name,
                kind,
                level.word(),
                switch (fencing) {
                    case ONE_PROCESS -> "one process has it, under a lock";
                    case COMPARED -> "every change names the revision it was made from";
                    case TERM ->
                        "a leader by majority orders the changes, and every change names the revision it was made from";
                },
                loss);
    }

    static final Durability MEMORY =
            new Durability(Level.MEMORY, "everything is lost when the process ends; for tests and trials");
}
