package smcp.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An event-bus address with the types that travel on it. Bodies are records; on one node they go by reference, between nodes as JSON ({@link RecordCodec}).
 *
 * @param <Q> what is sent
 * @param <R> what is answered; {@link Void} for an address that is only published to
 */
public record Address<Q extends Record, R>(String name, Class<Q> request, Class<R> reply) {

    /** The same address on one node. */
    public Address<Q, R> on(String nodeId) {
        return new Address<>(name + "@" + nodeId, request, reply);
    }

    /** Asks and waits at most {@code timeout}; a failure is a {@link Fault}. */
    public Future<R> ask(Vertx vertx, Q body, Duration timeout) {
        var options = RecordCodec.options().setSendTimeout(timeout.toMillis());
        return vertx.eventBus()
                .<R>request(name, body, options)
                .map(Message::body)
                .recover(cause -> Future.failedFuture(Fault.from(cause)));
    }

    /** Tells every consumer on every node; may be lost, so the body is a wake-up, never the only copy of a fact. */
    public void publish(Vertx vertx, Q body) {
        var _ = vertx.eventBus().publish(name, body, RecordCodec.options());
    }

    /** Serves requests; a throw of the handler becomes a failure too. */
    public MessageConsumer<Q> serve(Vertx vertx, Function<Q, Future<R>> handler) {
        return vertx.eventBus()
                .consumer(
                        name,
                        message -> Future.succeededFuture(message.body())
                                .compose(handler)
                                .onSuccess(answer -> message.reply(answer, RecordCodec.options()))
                                .onFailure(cause -> Fault.from(cause).replyTo(message)));
    }

    /** Hears what is published. */
    public MessageConsumer<Q> hear(Vertx vertx, Consumer<Q> handler) {
        return vertx.eventBus().consumer(name, message -> handler.accept(message.body()));
    }
}
