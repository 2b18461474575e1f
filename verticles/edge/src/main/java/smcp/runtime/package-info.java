/** Tenant verticles: awake versions, their limits and their life. */
@NullMarked
package smcp.runtime;

import org.jspecify.annotations.NullMarked;
