/** HTTP: reads requests, walks a call through its steps and writes what comes of it. */
@NullMarked
package smcp.ingress;

import org.jspecify.annotations.NullMarked;
