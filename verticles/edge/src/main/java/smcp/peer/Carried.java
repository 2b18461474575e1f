package smcp.peer;

/** Something under way on a connection. Called on any thread. */
interface Carried {
    /** The connection is gone. */
    void lineLost(String why);

    /** Ends it if it is past its time. */
    void look(long now);
}
