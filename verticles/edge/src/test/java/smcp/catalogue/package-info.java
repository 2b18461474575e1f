/** The catalogue's tests. */
@NullMarked
package smcp.catalogue;

import org.jspecify.annotations.NullMarked;
