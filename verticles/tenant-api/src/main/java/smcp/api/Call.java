package smcp.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The call being served: what tenant code may say and ask while it runs. Reports and cancellation may be used from any thread until
 * the handler returns; questions belong to the handler's own thread.
 *
 * <p><b>Questions never wait.</b> Without an answer under its key, {@link #ask} and its siblings end the call there and then by
 * {@link InputRequired}; once the client has answered, the handler runs again <b>from its start</b>, now with the answer. What must
 * not happen twice goes into {@link #once}, or after the last question.
 */
public interface Call {
    /** Reports progress without a known total. Must grow from report to report; one that does not is dropped. */
    void progress(double progress);

    /** Reports progress towards a total. */
    void progress(double progress, double total);

    /** Reports progress towards a total, with a line for people. */
    void progress(double progress, double total, String message);

    /** Sends a log message to the client if it asked for this level; anything Jackson can write, no secrets. */
    void log(LogLevel level, Object data);

    /** Sends a log message of a named logger. */
    void log(LogLevel level, @Nullable String logger, Object data);

    /** Whether the client asked for log messages of this level. */
    boolean logs(LogLevel level);

    /** The answer to a question, under a key that is unique within the call and the same in every round. */
    <A> A ask(String key, Question<A> question);

    /** Asks several questions in one round; returns once all are answered, so that asking each by its key returns at once. */
    void askAll(Map<String, ? extends Question<?>> questions);

    /** The user's answer to a form or a link: accepted, declined or cancelled. */
    default <T> Elicited<T> elicit(String key, Elicitation<T> elicitation) {
        return ask(key, elicitation);
    }

    /** The answer of the client's model. */
    default Sampled sample(String key, Sampling sampling) {
        return ask(key, sampling);
    }

    /** The folders the client works on. */
    default List<Root> roots(String key) {
        return ask(key, RootsQuestion.INSTANCE);
    }

    /**
     * The value of the supplier, computed in the first round that gets here and kept in the sealed state for the rounds after it. If
     * the call ends without a question the value is forgotten.
     *
     * @param type what to read the kept value into
     */
    <T> T once(String key, Class<T> type, Callable<? extends T> supplier) throws Exception;

    /**
     * Ends the call with requests and a state of the tenant's own making; in the next round {@link #inputResponses} and {@link #state}
     * hold what came back. Never returns; write {@code throw call.inputRequired(...)}.
     *
     * @param requests key to <code>{method, params}</code>; may be empty if there is a state
     */
    InputRequired inputRequired(ObjectNode requests, @Nullable String state);

    /** The client's answers of the last round, unchecked; empty in the first round. */
    ObjectNode inputResponses();

    /** The state given to {@link #inputRequired} in the last round. */
    @Nullable
    String state();

    /**
     * Asks the platform to close the client's connection while the call runs on; the client fetches the answer by resumption after
     * {@code retry}. Means something to clients of 2025-11-25 only.
     */
    void closeStream(Duration retry);

    /** Whether the client gave up; long work should look now and then. */
    boolean cancelled();

    /** Runs the hook when the client gives up, on the thread that brings the news, or at once if it already has. Must not block. */
    void onCancel(Runnable hook);

    /** What the client said about itself. */
    Client client();

    /** The request's {@code _meta}, with trace context and foreign keys. */
    JsonNode meta();
}
