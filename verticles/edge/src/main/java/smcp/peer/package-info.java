/** Calls between nodes, and the packages that they copy from each other: HTTP/2 streams on a few connections to each member, and the server that takes them. */
@NullMarked
package smcp.peer;

import org.jspecify.annotations.NullMarked;
