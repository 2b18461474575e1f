package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import smcp.api.Call;
import smcp.api.Client;
import smcp.api.InputRequired;
import smcp.api.LogLevel;
import smcp.api.ProtocolError;
import smcp.api.Question;

/** One call from its acceptance to its end. What most calls never use is made when first used. */
final class RunningCall implements Execution, Call {
    private static final int MAX_HOOKS = 1_000;

    private record Asked(ObjectNode requests, @Nullable String own) {}

    private final RunnerRequest request;
    private final Workings workings;
    private final Operation operation;
    private final Voice voice;
    private final boolean interruptible;
    private @Nullable Client client;
    private @Nullable RoundState round;
    private @Nullable ObjectNode responses;
    private volatile @Nullable Asked asked;
    private volatile boolean cancelled;
    /** Guarded by this. */
    private @Nullable Thread runner;
    /** Guarded by this. */
    private @Nullable List<Runnable> hooks;

    RunningCall(
            RunnerRequest request, RunnerReply reply, Workings workings, Operation operation, boolean interruptible) {
        this.request = request;
        this.workings = workings;
        this.operation = operation;
        this.voice = new Voice(request, reply, workings.json());
        this.interruptible = interruptible;
    }

    RunnerRequest request() {
        return request;
    }

    Json json() {
        return workings.json();
    }

    @Override
    public void run() {
        var thread = Thread.currentThread();
        var context = thread.getContextClassLoader();
        if (!begin(thread)) return;
        thread.setContextClassLoader(workings.loader());
        try {
            perform();
        } finally {
            thread.setContextClassLoader(context);
            end();
        }
    }

    private void perform() {
        byte[] result;
        try {
            voice.requireKnownLevel();
            result = operation.perform(this);
        } catch (Throwable e) { // also errors of tenant code: the call must end, and its host must live
            ended(e);
            return;
        }
        if (asked == null) voice.complete(result);
        else inputRequired();
    }

    private void ended(Throwable cause) {
        if (asked != null) {
            inputRequired();
        } else if (cause instanceof ProtocolError error) {
            var data = error.data();
            voice.failed(error.code(), Operation.messageOf(error), data == null ? null : json().bytes(data));
        } else {
            if (!cancelled) workings.outbound().tenantFailed(request.method() + " " + request.name(), cause);
            var result = operation.thrown(cause);
            if (result == null) voice.failed(ProtocolError.INTERNAL, Operation.messageOf(cause), null);
            else voice.complete(result);
        }
    }

    private void inputRequired() {
        var what = asked;
        if (what == null) throw new IllegalStateException("nothing was asked");
        try {
            voice.inputRequired(json().bytes(what.requests()), round().close(what.own()));
        } catch (RuntimeException e) {
            voice.failed(ProtocolError.INTERNAL, Operation.messageOf(e), null);
        }
    }

    private synchronized boolean begin(Thread thread) {
        if (cancelled) return false;
        runner = interruptible ? thread : null;
        return true;
    }

    private void end() {
        if (!interruptible) return;
        synchronized (this) {
            runner = null;
            if (cancelled) Thread.interrupted(); // the thread goes back to its pool as it came
        }
    }

    @Override
    public void cancel(OnCancel manner) {
        List<Runnable> due;
        synchronized (this) {
            if (cancelled || voice.ended()) return;
            cancelled = true;
            voice.silence();
            due = hooks == null ? List.of() : hooks;
            hooks = null;
            if (manner == OnCancel.INTERRUPT && runner != null) runner.interrupt();
        }
        due.forEach(this::runHook);
    }

    private void runHook(Runnable hook) {
        try {
            hook.run();
        } catch (Throwable e) { // a hook must not keep the others from running
            workings.outbound().tenantFailed("cancel hook of " + request.method() + " " + request.name(), e);
        }
    }

    @Override
    public void onCancel(Runnable hook) {
        synchronized (this) {
            if (!cancelled) {
                if (hooks == null) hooks = new ArrayList<>(2);
                if (hooks.size() == MAX_HOOKS)
                    throw new IllegalStateException("more than " + MAX_HOOKS + " cancel hooks on one call");
                hooks.add(hook);
                return;
            }
        }
        runHook(hook);
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void progress(double progress) {
        voice.progress(progress, null, null);
    }

    @Override
    public void progress(double progress, double total) {
        voice.progress(progress, total, null);
    }

    @Override
    public void progress(double progress, double total, String message) {
        voice.progress(progress, total, message);
    }

    @Override
    public void log(LogLevel level, Object data) {
        voice.log(level, null, data);
    }

    @Override
    public void log(LogLevel level, @Nullable String logger, Object data) {
        voice.log(level, logger, data);
    }

    @Override
    public boolean logs(LogLevel level) {
        return voice.logs(level);
    }

    @Override
    public void closeStream(Duration retry) {
        if (retry.isNegative())
            throw new IllegalArgumentException("closeStream retry must not be negative, got " + retry);
        voice.closeStream(retry.toMillis());
    }

    @Override
    public <A> A ask(String key, Question<A> question) {
        var answer = answered(key, question);
        if (answer != null) return answer;
        throw askFor(Map.of(key, question));
    }

    @Override
    public void askAll(Map<String, ? extends Question<?>> questions) {
        var open = new java.util.LinkedHashMap<String, Question<?>>();
        questions.forEach((key, question) -> {
            if (answered(key, question) == null) open.put(key, question);
        });
        if (!open.isEmpty()) throw askFor(open);
    }

    /** Every answer that was looked at and understood is kept: the client sends each only once. */
    private <A> @Nullable A answered(String key, Question<A> question) {
        requireOwnMethod();
        client().require(Questions.capability(question));
        var earlier = round().answer(key);
        var answer = earlier == null ? inputResponses().get(key) : earlier;
        if (answer == null) return null;
        var read = workings.questions().read(question, answer).orElse(null);
        if (read != null) round().answered(key, answer);
        return read;
    }

    private InputRequired askFor(Map<String, ? extends Question<?>> open) {
        var requests = json().object();
        open.forEach((key, question) -> requests.set(key, workings.questions().request(question)));
        return inputRequired(requests, round().own());
    }

    @Override
    public InputRequired inputRequired(ObjectNode requests, @Nullable String state) {
        requireOwnMethod();
        if (requests.isEmpty() && state == null)
            throw new IllegalArgumentException("input_required needs requests, a state, or both");
        if (asked == null) asked = new Asked(requests.deepCopy(), state);
        throw InputRequired.SIGNAL;
    }

    /** MCP 2026-07-28, Multi round-trip: only these three may answer {@code input_required}. */
    private void requireOwnMethod() {
        if (operation instanceof Complete) throw new IllegalStateException("a completion cannot ask the client");
    }

    @Override
    public <T> T once(String key, Class<T> type, Callable<? extends T> supplier) throws Exception {
        var kept = round().kept(key);
        if (kept != null) return json().mapper().treeToValue(kept, type);
        T value = supplier.call();
        round().keep(key, json().mapper().valueToTree(value));
        return value;
    }

    @Override
    public ObjectNode inputResponses() {
        var known = responses;
        if (known == null) responses = known = readResponses();
        return known;
    }

    private ObjectNode readResponses() {
        var given = request.inputResponses();
        if (given == null) return json().object();
        if (read("inputResponses", given) instanceof ObjectNode object) return object;
        throw new ProtocolError(
                ProtocolError.INVALID_PARAMS,
                "params.inputResponses must be an object, got " + Schema.shortened(given.toString()));
    }

    @Override
    public @Nullable String state() {
        return round().own();
    }

    private RoundState round() {
        var known = round;
        if (known == null) round = known = RoundState.open(request.requestState(), json());
        return known;
    }

    @Override
    public Client client() {
        var known = client;
        if (known == null) {
            var capabilities = request.clientCapabilities();
            var declared = capabilities == null ? json().object() : read("clientCapabilities", capabilities);
            client = known = new CallerView(declared, meta().path("io.modelcontextprotocol/clientInfo"), json());
        }
        return known;
    }

    @Override
    public JsonNode meta() {
        var meta = request.meta();
        return meta == null ? json().object() : read("_meta", meta);
    }

    private JsonNode read(String what, Slice slice) {
        try {
            return json().tree(slice);
        } catch (JsonProcessingException e) {
            throw new ProtocolError(
                    ProtocolError.INVALID_PARAMS, "params." + what + " cannot be read: " + e.getOriginalMessage());
        }
    }
}
