package smcp.store;

/**
 * What a store promises about an acknowledged write.
 *
 * @param level where it is when its future completes
 * @param loss what can still take it away, as a sentence for the operator
 */
public record Durability(Level level, String loss) {
    /** Where an acknowledged write is. */
    public enum Level {
        /** In this process. */
        MEMORY,
        /** With the operating system; a crash of the process does not touch it. */
        SYSTEM,
        /** On the disk. */
        DISK
    }

    static final Durability MEMORY =
            new Durability(Level.MEMORY, "everything is lost when the process ends; for tests and trials");
}
