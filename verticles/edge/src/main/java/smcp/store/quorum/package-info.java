/** The registry on the disks of a majority of the nodes, with Apache Ratis: decision 15. */
@NullMarked
package smcp.store.quorum;

import org.jspecify.annotations.NullMarked;
