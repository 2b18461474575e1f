/** The legacy revisions over HTTP: sessions that belong to no node, their streams, the questions a call asks its client; and the change feed of both eras. */
@NullMarked
package smcp.session;

import org.jspecify.annotations.NullMarked;
