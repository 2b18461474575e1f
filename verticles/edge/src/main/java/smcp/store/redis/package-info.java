/** The stores of a cluster in one Redis (standalone, Sentinel or Cluster): registry, state and values. */
@NullMarked
package smcp.store.redis;

import org.jspecify.annotations.NullMarked;
