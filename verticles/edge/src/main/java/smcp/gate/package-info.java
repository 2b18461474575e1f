/** The checks before routing: who, may they, how much. */
@NullMarked
package smcp.gate;

import org.jspecify.annotations.NullMarked;
