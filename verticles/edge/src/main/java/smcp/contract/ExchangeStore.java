package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import smcp.contract.SessionStore.SessionKey;

/** Calls that wait for their client's answers, by session. They end with their session. */
public interface ExchangeStore {
    Future<Void> create(SessionKey session, Exchange exchange);

    Future<Optional<Exchange>> find(SessionKey session, String id);

    /** Puts {@code next} in place if the stored stamp is still {@code next.stamp() - 1}; false if it is not, or the exchange is gone. */
    Future<Boolean> replace(SessionKey session, Exchange next);

    /** Takes the exchange away; true for the one caller who did: only that one goes on with the call. */
    Future<Boolean> take(SessionKey session, String id, long stamp);

    /** Those whose deadline is before {@code now}, at most {@code most}. */
    Future<List<Due>> due(Instant now, int most);

    /** An exchange whose wait is over. */
    record Due(SessionKey session, Exchange exchange) {}
}
