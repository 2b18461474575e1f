/**
 * Runs a tenant written against {@code smcp.api}: inside the node by {@link smcp.runner.Runner}, or as a process of its own by {@link
 * smcp.runner.Main}, which speaks the lines of {@code docs/guides/runner-protocol.md}.
 */
@NullMarked
package smcp.runner;

import org.jspecify.annotations.NullMarked;
