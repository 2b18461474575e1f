package smcp.control;

import java.time.Instant;

/**
 * What the node says of itself.
 *
 * @param version of the program
 * @param started when the node came up
 */
public record NodeFacts(String version, Instant started) {}
