package smcp.runner;

/** What all calls of one tenant share. */
record Workings(Json json, Questions questions, Outbound outbound, ClassLoader loader) {}
