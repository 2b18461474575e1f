/** The control plane: the admin API and what it changes, the deployment of versions first of all. */
@NullMarked
package smcp.control;

import org.jspecify.annotations.NullMarked;
