/** The program: its command line, its configuration, and the wiring of everything a node is. */
@NullMarked
package smcp.node;

import org.jspecify.annotations.NullMarked;
