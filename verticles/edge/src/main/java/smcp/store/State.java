package smcp.store;

import io.vertx.core.Future;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;

/** What legacy sessions need to outlive a connection: four interfaces over one store, because a session takes its streams and exchanges along when it ends. */
public interface State {
    SessionStore sessions();

    EventLog events();

    ChangeLog changes();

    ExchangeStore exchanges();

    SpentStates spent();

    Durability durability();

    /** Answers those who waited too long for the store; called every second or so. */
    void expire(long nanoTime);

    Future<Void> close();
}
