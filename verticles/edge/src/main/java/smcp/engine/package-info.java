/** Runs tenant code behind one interface. */
@NullMarked
package smcp.engine;

import org.jspecify.annotations.NullMarked;
