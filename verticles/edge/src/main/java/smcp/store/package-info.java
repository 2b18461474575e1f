/** Where the platform keeps its own state. */
@NullMarked
package smcp.store;

import org.jspecify.annotations.NullMarked;
