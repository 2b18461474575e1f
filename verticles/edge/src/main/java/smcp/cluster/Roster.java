package smcp.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Member;
import smcp.contract.Members;

/**
 * Who is in the cluster, by Hazelcast's list of members. Every event is only a reason to look at the list again and to tell what is different: after a merge of two halves the events do not tell everything, and they do not come in the order of the
 * list.
 */
final class Roster implements Members {
    private static final Logger log = LoggerFactory.getLogger(Roster.class);
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * A member as it stands in the list.
     *
     * @param uuid Hazelcast's; another one when the same run comes back
     */
    private record Seen(UUID uuid, Member member) {}

    private final Member self;
    private final HazelcastInstance hazelcast;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock telling = new ReentrantLock();
    private final Set<UUID> strange = new HashSet<>();
    private volatile List<Seen> seen = List.of();

    private Roster(Member self, HazelcastInstance hazelcast) {
        this.self = self;
        this.hazelcast = hazelcast;
    }

    static Roster of(Member self, HazelcastInstance hazelcast) {
        var roster = new Roster(self, hazelcast);
        var _ = hazelcast.getCluster().addMembershipListener(roster.new Changes());
        var _ = hazelcast.getLifecycleService().addLifecycleListener(roster.new Changes());
        roster.look();
        return roster;
    }

    static String json(Member member) {
        try {
            return JSON.writeValueAsString(member);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public List<Member> others() {
        return seen.stream().map(Seen::member).toList();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The one of those who were here before this node that has its id or its name. There must be none: its messages would be taken for this node's. */
    @Nullable
    Member namesake() {
        for (var each : hazelcast.getCluster().getMembers()) {
            if (each.localMember()) {
                return null;
            }
            var member = member(each);
            if (member != null
                    && (member.id().equals(self.id()) || member.name().equals(self.name()))) {
                return member;
            }
        }
        return null;
    }

    private void look() {
        telling.lock();
        try {
            var before = seen;
            var now = listed(hazelcast.getCluster());
            seen = now;
            before.stream().filter(one -> !now.contains(one)).forEach(this::lost);
            now.stream().filter(one -> !before.contains(one)).forEach(this::joined);
        } finally {
            telling.unlock();
        }
    }

    /** The list begins with the oldest. A node that was started again may be in it twice until its former run is found to be dead; only the newer one can be alive, since a data directory is used by one process. */
    private List<Seen> listed(Cluster cluster) {
        var byId = new LinkedHashMap<String, Seen>();
        for (var each : cluster.getMembers()) {
            var member = each.localMember() ? null : member(each);
            if (member != null && !member.id().equals(self.id())) {
                byId.put(member.id(), new Seen(each.getUuid(), member));
            }
        }
        return byId.values().stream()
                .sorted(Comparator.comparing(one -> one.member().id()))
                .toList();
    }

    private @Nullable Member member(com.hazelcast.cluster.Member listed) {
        var text = listed.getAttribute(HazelcastSettings.MEMBER);
        try {
            if (text != null) {
                return JSON.readValue(text, Member.class);
            }
        } catch (JsonProcessingException _) {
            // said below, as for no text at all
        }
        if (strange.add(listed.getUuid())) {
            log.atWarn()
                    .addKeyValue("address", listed.getAddress())
                    .log("a member of the cluster does not say which node it is, and is not used");
        }
        return null;
    }

    private void joined(Seen one) {
        log.atInfo()
                .addKeyValue("node", one.member().name())
                .addKeyValue("run", one.member().run())
                .addKeyValue("address", one.member().host())
                .log("node joined");
        tell(listener -> listener.joined(one.member()));
    }

    private void lost(Seen one) {
        log.atInfo()
                .addKeyValue("node", one.member().name())
                .addKeyValue("run", one.member().run())
                .log("node left or was lost");
        tell(listener -> listener.lost(one.member()));
    }

    private void tell(Consumer<Listener> what) {
        for (var listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                // the others must hear of it nevertheless
                log.atError().setCause(e).log("a listener of the cluster failed");
            }
        }
    }

    private final class Changes implements MembershipListener, LifecycleListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            look();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            look();
        }

        @Override
        public void stateChanged(LifecycleEvent event) {
            if (event.getState() == LifecycleState.MERGED) {
                look();
            }
        }
    }
}
