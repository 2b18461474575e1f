package smcp.router;

import java.util.List;

/**
 * All nodes, as one of them sees them at one moment. Immutable.
 *
 * @param self index of this node
 * @param regions how many there are
 */
record Situation(List<NodeView> nodes, int self, int regions) {
    Situation {
        nodes = List.copyOf(nodes);
    }

    NodeView here() {
        return nodes.get(self);
    }

    boolean alone() {
        return nodes.size() == 1;
    }

    /** Index of the node with this id; -1 if it is not there. */
    int indexOf(String id) {
        for (var i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).member().id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
