package smcp.store.blob;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.store.Caller;

/** What is being done with packages: one thing at a time with each. Any thread; who waits goes on on its own context. */
final class Flights {
    /** What may be under way. */
    enum Kind {
        /** Fetched from whoever has it: who wants the same waits for the same. */
        SEARCH,
        /** Something else, after which one looks again. */
        CHANGE
    }

    private record Flight(Kind kind, CompletableFuture<Boolean> done) {}

    private final Map<String, Flight> underWay = new HashMap<>();

    /** What is under way, if it is of this kind; null otherwise. */
    synchronized @Nullable Future<Boolean> of(String name, Kind kind) {
        var now = underWay.get(name);
        return now == null || now.kind() != kind ? null : Caller.future(now.done());
    }

    /** Completes when nothing is under way, or what was has ended, well or not. */
    Future<Void> ended(String name) {
        Flight now;
        synchronized (this) {
            now = underWay.get(name);
        }
        return now == null
                ? Future.succeededFuture()
                : Caller.future(now.done()).transform(_ -> Future.succeededFuture());
    }

    /** Begins {@code work}; null if something is under way, and then it is not begun. */
    @Nullable
    Future<Boolean> begin(String name, Kind kind, Supplier<Future<Boolean>> work) {
        var flight = new Flight(kind, new CompletableFuture<>());
        synchronized (this) {
            if (underWay.putIfAbsent(name, flight) != null) {
                return null;
            }
        }
        var answer = Caller.future(flight.done());
        Future.succeededFuture().compose(_ -> work.get()).onComplete(ended -> {
            synchronized (this) {
                var _ = underWay.remove(name);
            }
            if (ended.succeeded()) {
                var _ = flight.done().complete(ended.result());
            } else {
                var _ = flight.done().completeExceptionally(ended.cause());
            }
        });
        return answer;
    }

    /** Begins {@code work} when nothing else is under way. */
    Future<Boolean> alone(String name, Kind kind, Supplier<Future<Boolean>> work) {
        var mine = begin(name, kind, work);
        return mine != null ? mine : ended(name).compose(_ -> alone(name, kind, work));
    }
}
