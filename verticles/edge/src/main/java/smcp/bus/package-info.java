/** Mechanism of the event bus: typed addresses, one codec for records, and the one table of failures. */
@NullMarked
package smcp.bus;

import org.jspecify.annotations.NullMarked;
