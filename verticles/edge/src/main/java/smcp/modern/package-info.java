/** Revision 2026-07-28 over HTTP: every request carries all it needs, an answer is one object or a stream of its own. */
@NullMarked
package smcp.modern;

import org.jspecify.annotations.NullMarked;
