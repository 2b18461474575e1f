/** The response cache; a step that answers nothing yet. */
@NullMarked
package smcp.cache;

import org.jspecify.annotations.NullMarked;
