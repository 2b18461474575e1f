/** What MCP looks like on the wire: envelopes, revisions, methods, mirrored headers. Knows bytes, not sockets, tenants or sessions. */
@NullMarked
package smcp.protocol;

import org.jspecify.annotations.NullMarked;
