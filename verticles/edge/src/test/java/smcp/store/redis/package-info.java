/** Tests of the stores in Redis, on real servers. */
@NullMarked
package smcp.store.redis;

import org.jspecify.annotations.NullMarked;
