package smcp.vault;

/** Something that keeps sealed things, and can seal them anew. On the rotation's own thread; blocks. */
interface Keeper {
    /** Looks at everything it keeps of an owner, and seals anew what the primary key of {@code keys} did not seal. */
    void pass(Keys keys, Pass pass) throws InterruptedException;
}
