/** The cluster: who is a member, the event bus between members, and what must hold on all of them. Nothing of it runs on a node that is alone. */
@NullMarked
package smcp.cluster;

import org.jspecify.annotations.NullMarked;
