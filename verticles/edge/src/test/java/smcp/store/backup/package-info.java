/** Tests of backups. */
@NullMarked
package smcp.store.backup;

import org.jspecify.annotations.NullMarked;
