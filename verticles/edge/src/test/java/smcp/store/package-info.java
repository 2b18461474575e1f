/** Contract tests of the stores, each run on every implementation, and the faults a disk and an uploader can bring. */
@NullMarked
package smcp.store;

import org.jspecify.annotations.NullMarked;
