package smcp.router;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.contract.Loads.Load;
import smcp.tenant.VersionRef;

/**
 * Who is to serve a call of this version?
 *
 * @param here what this node has of it; null: it was never asked for here
 * @param recent by node of the situation
 * @param before index of the node that was chosen last; -1: none, or it is gone
 * @param waited what calls of it that came in here have waited lately for want of an engine, in nanoseconds; counted at most once each time that facts travel
 * @param without index of a node that is not to be chosen, because the call has just failed there; -1: none
 */
record Question(VersionRef version, @Nullable Load here, List<Recent> recent, int before, long waited, int without) {
    /**
     * What this node knows of the version on another one that is newer than that node's facts.
     *
     * @param calls that it sent there and that are not in the facts yet, less those that have ended since
     * @param full the node said that its queue is full
     */
    record Recent(int calls, boolean full) {
        static final Recent NOTHING = new Recent(0, false);
    }

    Question {
        recent = List.copyOf(recent);
    }

    /** The first call of a version that nobody has asked for. */
    static Question first(VersionRef version, Situation situation) {
        var nothing = Collections.nCopies(situation.nodes().size(), Recent.NOTHING);
        return new Question(version, null, nothing, -1, 0, -1);
    }
}
