package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import smcp.bus.Fault;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;

/** What a caller hears. */
final class Heard implements CallSink {
    final BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();
    final List<CallEvent> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(CallEvent event) {
        all.add(event);
        events.add(event);
    }

    CallEvent next() {
        return Pair.next(events);
    }

    String result() {
        var event = next();
        while (event instanceof CallEvent.Begun) {
            event = next();
        }
        assertThat(event).isInstanceOf(CallEvent.Result.class);
        return ((CallEvent.Result) event).result().text();
    }

    Fault fault() {
        var event = next();
        while (event instanceof CallEvent.Begun) {
            event = next();
        }
        assertThat(event).isInstanceOf(CallEvent.Broken.class);
        return ((CallEvent.Broken) event).fault();
    }
}
