/** The control plane: admin API and deployment. */
@NullMarked
package smcp.control;

import org.jspecify.annotations.NullMarked;
