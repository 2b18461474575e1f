/** Tests of the registry by majority, on real members. */
@NullMarked
package smcp.store.quorum;

import org.jspecify.annotations.NullMarked;
