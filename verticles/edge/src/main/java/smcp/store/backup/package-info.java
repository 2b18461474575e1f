/** Backups: everything that a node keeps as one stream, and the way back. */
@NullMarked
package smcp.store.backup;

import org.jspecify.annotations.NullMarked;
