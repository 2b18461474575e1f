package smcp.router;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Reply;
import smcp.protocol.Json;

/** A reply that another node answers with. A refusal that comes first can be taken back: then nothing of that node has been done with the real one. */
final class WatchedReply implements Reply {
    /** What the journey does about it. */
    interface Watcher {
        /** The node has answered, or begun to.
         *
         * @param fault what it refused with; null: it answers
         */
        void used(@Nullable Kind fault);

        /** True if the refusal is not to be answered with. */
        boolean refused(Fault fault);

        /** The client went away before there was an answer. */
        void gone();
    }

    private final Reply reply;
    private final Watcher watcher;
    private final List<Header> headers = new ArrayList<>();
    private boolean used;

    private record Header(String name, String value) {}

    WatchedReply(Reply reply, Watcher watcher) {
        this.reply = reply;
        this.watcher = watcher;
    }

    /** On the reply's context. */
    void lost(Json id, Fault fault) {
        if (!used) {
            fault(id, fault);
        }
    }

    private Reply use() {
        return use(null);
    }

    private Reply use(@Nullable Kind fault) {
        if (!used) {
            used = true;
            watcher.used(fault);
        }
        headers.forEach(header -> reply.header(header.name(), header.value()));
        headers.clear();
        return reply;
    }

    @Override
    public Context context() {
        return reply.context();
    }

    @Override
    public void header(String name, String value) {
        headers.add(new Header(name, value));
    }

    @Override
    public void result(Json id, Json result) {
        use().result(id, result);
    }

    @Override
    public void failed(Json id, int code, String message, @Nullable Json data) {
        use().failed(id, code, message, data);
    }

    @Override
    public void fault(@Nullable Json id, Fault fault) {
        if (used) {
            reply.fault(id, fault);
            return;
        }
        used = true;
        watcher.used(fault.kind());
        if (!watcher.refused(fault)) {
            use(fault.kind()).fault(id, fault);
        }
    }

    @Override
    public void accepted() {
        use().accepted();
    }

    @Override
    public void done() {
        use().done();
    }

    @Override
    public EventStream stream() {
        return use().stream();
    }

    @Override
    public void onGone(Runnable gone) {
        reply.onGone(() -> {
            if (!used) {
                watcher.gone();
            }
            gone.run();
        });
    }
}
