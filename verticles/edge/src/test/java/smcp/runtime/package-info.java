/** The runtime's tests. */
@NullMarked
package smcp.runtime;

import org.jspecify.annotations.NullMarked;
