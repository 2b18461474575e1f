package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import smcp.bus.Fault;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.protocol.Json;

/** What one caller hears. */
final class Heard implements CallSink {
    static final ObjectMapper JSON = new ObjectMapper();

    private final List<CallEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<CallEvent.End> end = new CompletableFuture<>();

    @Override
    public void accept(CallEvent event) {
        events.add(event);
        if (event instanceof CallEvent.End last && !end.complete(last)) {
            throw new AssertionError("a second end: " + event);
        }
    }

    List<CallEvent> events() {
        return events;
    }

    boolean over() {
        return end.isDone();
    }

    List<CallEvent.Notice> notices() {
        return events.stream()
                .filter(CallEvent.Notice.class::isInstance)
                .map(CallEvent.Notice.class::cast)
                .toList();
    }

    CallEvent.End end(Duration within) {
        try {
            return end.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no end within " + within + ", heard " + events, e);
        }
    }

    JsonNode result() {
        assertThat(end(Duration.ofSeconds(10))).isInstanceOf(CallEvent.Result.class);
        return tree(((CallEvent.Result) end.join()).result());
    }

    String text() {
        return result().at("/content/0/text").asText();
    }

    Fault fault(Duration within) {
        assertThat(end(within)).isInstanceOf(CallEvent.Broken.class);
        return ((CallEvent.Broken) end.join()).fault();
    }

    static JsonNode tree(Json json) {
        try {
            return JSON.readTree(json.copy());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
