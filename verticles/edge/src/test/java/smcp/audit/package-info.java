/** The audit log's tests. */
@NullMarked
package smcp.audit;

import org.jspecify.annotations.NullMarked;
