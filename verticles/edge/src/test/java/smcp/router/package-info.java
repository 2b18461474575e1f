/** Tests of routing, and the cluster in virtual time that they run. */
@NullMarked
package smcp.router;

import org.jspecify.annotations.NullMarked;
