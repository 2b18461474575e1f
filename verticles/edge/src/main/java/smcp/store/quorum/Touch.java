package smcp.store.quorum;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.store.quorum.Member.Leader;

/** Whether this node is in touch with a majority, since when it is not, and who answers meanwhile. Asked and told from one thread, except for the answers. */
final class Touch {
    /** Between two rounds of questions to the others, while there is no majority. */
    private static final long ASK_NANOS = Duration.ofMillis(500).toNanos();

    /** An answer that is older tells nothing. */
    private static final long FRESH_NANOS = Duration.ofMillis(1_500).toNanos();

    private final long graceNanos;
    private final Map<RaftPeerId, Long> answered = new ConcurrentHashMap<>();
    private long lost;
    private long asked;
    private volatile boolean there;
    private volatile @Nullable Fault alone;

    /** @param electionMillis at the soonest; a leader may be lost for a few of them without anything being wrong */
    Touch(int electionMillis) {
        this.graceNanos = Duration.ofMillis(4L * electionMillis).toNanos();
    }

    /** The member has just begun. */
    void begin(long nanoTime) {
        lost = nanoTime;
        asked = nanoTime - ASK_NANOS;
    }

    void look(@Nullable Leader leader, @Nullable Member member, int configured, long nanoTime) {
        if (leader != null) {
            there = true;
            alone = null;
            return;
        }
        if (there) {
            there = false;
            lost = nanoTime;
        }
        if (member != null && nanoTime - asked >= ASK_NANOS) {
            asked = nanoTime;
            ask(member);
        }
        if (nanoTime - lost >= graceNanos) {
            alone = fault(member, configured, nanoTime);
        }
    }

    private void ask(Member member) {
        for (var each : member.members()) {
            if (!each.equals(member.self())) {
                var _ = member.ping(each).thenAccept(_ -> answered.put(each, System.nanoTime()));
            }
        }
    }

    private Fault fault(@Nullable Member member, int configured, long nanoTime) {
        if (member == null) {
            return Commits.unavailable(
                    "this node's own member of it does not run; nothing was written, try again later");
        }
        var members = member.members();
        var all = Math.max(members.size(), member.members().isEmpty() ? configured : 1);
        var here = here(members, member.self(), nanoTime);
        return Commits.unavailable(here.size() + " of its " + all + " members "
                + (here.size() == 1 ? "is" : "are") + " here (" + String.join(", ", here) + ") and agree on no leader, "
                + (all / 2 + 1) + " are needed to write; nothing was written, try again later");
    }

    private List<String> here(Collection<RaftPeerId> members, RaftPeerId self, long nanoTime) {
        return members.stream()
                .filter(each -> each.equals(self)
                        || nanoTime - answered.getOrDefault(each, nanoTime - FRESH_NANOS) < FRESH_NANOS)
                .map(RaftPeerId::toString)
                .sorted(Comparator.naturalOrder())
                .collect(Collectors.toList());
    }

    /** Does this node follow a leader, or lead? Any thread. */
    boolean isThere() {
        return there;
    }

    /** What is wrong, if it has been for longer than the choice of a leader takes. Any thread. */
    @Nullable
    Fault alone() {
        return alone;
    }
}
