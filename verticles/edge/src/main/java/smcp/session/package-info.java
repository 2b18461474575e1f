/** Legacy sessions, their streams and questions, and change notifications of both eras. */
@NullMarked
package smcp.session;

import org.jspecify.annotations.NullMarked;
