/** What tenants offer, answered without waking them. */
@NullMarked
package smcp.catalogue;

import org.jspecify.annotations.NullMarked;
