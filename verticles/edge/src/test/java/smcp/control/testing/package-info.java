/** Small working fakes of what the control plane stands on, and the control plane on top of them. */
@NullMarked
package smcp.control.testing;

import org.jspecify.annotations.NullMarked;
