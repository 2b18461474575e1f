package smcp.peer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Reply;
import smcp.protocol.Json;

/** A client's connection: tells what was done with its reply, and reads as slowly as it is told to. */
final class Client implements Reply, Reply.EventStream {
    private final ContextInternal context;
    final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    final BlockingQueue<Fault> lost = new LinkedBlockingQueue<>();
    private boolean full;
    private @Nullable Runnable drained;
    private @Nullable Runnable gone;

    Client(Vertx vertx) {
        context = ((VertxInternal) vertx).createEventLoopContext();
    }

    void does(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    void stopsReading() {
        does(() -> full = true);
    }

    void readsOn() {
        does(() -> {
            full = false;
            var task = drained;
            drained = null;
            if (task != null) {
                task.run();
            }
        });
    }

    void goes() {
        does(() -> {
            if (gone != null) {
                gone.run();
            }
        });
    }

    String next() {
        return Pair.next(done);
    }

    private void did(String what) {
        done.add(context.inThread() ? what : "on a wrong thread: " + what);
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public void header(String name, String value) {
        did("header " + name + "=" + value);
    }

    @Override
    public void result(Json id, Json result) {
        did("result " + id.text() + " " + result.text());
    }

    @Override
    public void failed(Json id, int code, String message, @Nullable Json data) {
        did("failed " + id.text() + " " + code + " " + message + " " + (data == null ? "-" : data.text()));
    }

    @Override
    public void fault(@Nullable Json id, Fault fault) {
        did("fault " + (id == null ? "-" : id.text()) + " " + fault.kind() + " " + fault.message());
    }

    @Override
    public void accepted() {
        did("accepted");
    }

    @Override
    public void done() {
        did("done");
    }

    @Override
    public EventStream stream() {
        did("stream");
        return this;
    }

    @Override
    public void onGone(Runnable task) {
        gone = task;
    }

    @Override
    public void event(@Nullable String id, @Nullable Json data) {
        did("event " + id + " " + (data == null ? "-" : data.length() > 100 ? "long" : data.text()));
    }

    @Override
    public void retry(long millis) {
        did("retry " + millis);
    }

    @Override
    public boolean full() {
        return full;
    }

    @Override
    public void onDrain(Runnable task) {
        drained = task;
    }

    @Override
    public void end() {
        did("end");
    }

    @Override
    public void cut() {
        did("cut");
    }
}
