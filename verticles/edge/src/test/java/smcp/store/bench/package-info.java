/** What {@code scripts/bench stores} measures: each store through its interface, beside the store by itself. */
@NullMarked
package smcp.store.bench;

import org.jspecify.annotations.NullMarked;
