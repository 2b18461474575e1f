package smcp.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import smcp.bus.Address;
import smcp.contract.Everywhere;
import smcp.contract.Member;
import smcp.contract.Members;

/** The members of a cluster that a test makes: all of them on one Vert.x. */
public final class TestMembers implements Members {
    private final Member self;
    /** All, this one included; one list for the whole cluster. */
    private final List<TestMembers> all;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private TestMembers(int number, List<TestMembers> all) {
        this.self = new Member(
                "%016x".formatted(number),
                "run" + number,
                "node" + number,
                "here",
                "zone",
                "127.0.0.1",
                1_000 + number,
                "test");
        this.all = all;
        all.add(this);
    }

    /** A node by itself. */
    public static TestMembers alone() {
        return new TestMembers(1, new CopyOnWriteArrayList<>());
    }

    /** One more node of the same cluster. */
    public TestMembers another() {
        var next = new TestMembers(all.size() + 1, all);
        for (var other : all) {
            if (other != next) {
                other.listeners.forEach(listener -> listener.joined(next.self));
            }
        }
        return next;
    }

    /** The others lose it. */
    public void die() {
        all.remove(this);
        for (var other : new ArrayList<>(all)) {
            other.listeners.forEach(listener -> listener.lost(self));
        }
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public List<Member> others() {
        return all.stream()
                .map(TestMembers::self)
                .filter(other -> !other.is(self))
                .sorted(Comparator.comparing(Member::id))
                .toList();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    Everywhere everywhere(Vertx vertx) {
        return new Everywhere() {
            @Override
            public <Q extends Record> Future<Void> acknowledged(Address<Q, Acknowledged> address, Q body) {
                return Future.all(others().stream()
                                .map(other -> address.on(other.id()).ask(vertx, body, Duration.ofSeconds(5)))
                                .toList())
                        .mapEmpty();
            }
        };
    }
}
