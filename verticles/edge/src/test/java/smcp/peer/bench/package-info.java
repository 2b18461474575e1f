/** What a hop from node to node costs. */
@NullMarked
package smcp.peer.bench;

import org.jspecify.annotations.NullMarked;
