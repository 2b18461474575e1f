package smcp.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.bus.Address;
import smcp.bus.Fault;
import smcp.contract.Everywhere;
import smcp.contract.Member;
import smcp.contract.Members;

/**
 * Asks every node until it has acknowledged or is gone. The bus may lose a request, and one to a dead node only times out; so each is sent again and again, which is harmless, since what is asked for is a state and not a step.
 */
final class Acknowledgements implements Everywhere, Members.Listener {
    /** For one request; between two tries nothing is lost but the time. */
    private static final Duration TRY = Duration.ofSeconds(1);
    /** After a node said that it cannot, or nobody was there to hear it: while it starts, or after its registration was lost. */
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Requests for all nodes that may be under way. */
    private static final int MOST = 10_000;

    private final Vertx vertx;
    private final Members members;
    private final Duration within;
    private final Set<Asking<?>> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();

    private Acknowledgements(Vertx vertx, Members members, Duration within) {
        this.vertx = vertx;
        this.members = members;
        this.within = within;
    }

    /** @param within from the beginning until a node that is still there fails the request */
    static Acknowledgements of(Vertx vertx, Members members, Duration within) {
        var acknowledgements = new Acknowledgements(vertx, members, within);
        members.listen(acknowledgements);
        return acknowledgements;
    }

    @Override
    public <Q extends Record> Future<Void> acknowledged(Address<Q, Acknowledged> address, Q body) {
        var others = members.others();
        if (others.isEmpty()) {
            return Future.succeededFuture();
        }
        if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            return Future.failedFuture(new Fault(
                    Fault.Kind.OVERLOADED, "more than " + MOST + " changes wait to be acknowledged by all nodes"));
        }
        var asked = new ArrayList<Asking<?>>();
        for (var member : others) {
            asked.add(new Asking<>(member, address.on(member.id()), body, vertx.getOrCreateContext()));
        }
        open.addAll(asked);
        // who left before it stood in the table was not heard of
        var still = members.others();
        asked.forEach(one -> one.begin(still.stream().anyMatch(one.member::is)));
        return Future.join(asked.stream().map(Asking::done).toList())
                .eventually(() -> {
                    asked.forEach(open::remove);
                    underWay.decrementAndGet();
                    return Future.succeededFuture();
                })
                .transform(all -> all.succeeded() ? Future.succeededFuture() : Future.failedFuture(missing(asked)));
    }

    @Override
    public void joined(Member member) {
        // it reads what is stored when it starts
    }

    @Override
    public void lost(Member member) {
        open.stream().filter(one -> one.member.is(member)).forEach(Asking::gone);
    }

    private Fault missing(List<Asking<?>> asked) {
        var names = asked.stream()
                .filter(one -> one.done().failed())
                .map(one -> one.member.name() + " (" + one.reason() + ")")
                .collect(Collectors.joining(", "));
        return new Fault(
                Fault.Kind.STORE_UNAVAILABLE,
                "stored, but not acknowledged within " + within.toMillis() + " ms by " + names);
    }

    /** One node, asked until it answers. Lives on one context. */
    private final class Asking<Q extends Record> {
        private final Member member;
        private final Address<Q, Acknowledged> address;
        private final Q body;
        private final Context context;
        private final long until = System.nanoTime() + within.toNanos();
        private final Promise<Void> done = Promise.promise();
        private @Nullable Fault last;

        Asking(Member member, Address<Q, Acknowledged> address, Q body, Context context) {
            this.member = member;
            this.address = address;
            this.body = body;
            this.context = context;
        }

        Future<Void> done() {
            return done.future();
        }

        String reason() {
            return last == null ? "no answer" : last.message();
        }

        void begin(boolean here) {
            if (here) {
                context.runOnContext(_ -> ask());
            } else {
                gone();
            }
        }

        void gone() {
            context.runOnContext(_ -> done.tryComplete());
        }

        private void ask() {
            var left = Duration.ofNanos(until - System.nanoTime());
            if (done.future().isComplete()) {
                return;
            }
            if (left.toMillis() < 1) {
                var _ = done.tryFail(new Fault(Fault.Kind.TIMEOUT, reason()));
                return;
            }
            address.ask(vertx, body, left.compareTo(TRY) < 0 ? left : TRY)
                    .onComplete(_ -> done.tryComplete(), cause -> again(Fault.from(cause)));
        }

        private void again(Fault fault) {
            last = fault;
            if (fault.kind() == Fault.Kind.TIMEOUT) {
                ask();
            } else {
                var _ = vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS).onSuccess(_ -> ask());
            }
        }
    }
}
