/** The commands of {@code smcp} that talk to a running node: to its control plane, and to its MCP endpoints. */
@NullMarked
package smcp.node.cli;

import org.jspecify.annotations.NullMarked;
