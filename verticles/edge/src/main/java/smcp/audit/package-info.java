/** What calls were and what they used: metrics now, the audit log beside them. */
@NullMarked
package smcp.audit;

import org.jspecify.annotations.NullMarked;
