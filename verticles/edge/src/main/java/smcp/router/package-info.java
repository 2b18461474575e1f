/** Picks who serves a call. */
@NullMarked
package smcp.router;

import org.jspecify.annotations.NullMarked;
