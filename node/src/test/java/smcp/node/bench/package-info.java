/** What {@code scripts/bench} runs beside a node: the bare echo, the tenant that is called, and the writer of the report. */
@NullMarked
package smcp.node.bench;

import org.jspecify.annotations.NullMarked;
