/** An edge in one process with a scripted tenant behind it, and a client that speaks HTTP byte by byte. */
@NullMarked
package smcp.testing;

import org.jspecify.annotations.NullMarked;
