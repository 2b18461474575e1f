package smcp.router;

import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;

/**
 * A modern call that another node executes, and perhaps a second one, if the first was lost before the client saw anything. {@link CallEvent.Begun} is nothing that a client sees: it goes through once, whoever says it.
 */
final class Journey implements TenantCall.Running {
    private final Ways ways;
    private final Call call;
    private final CallSink out;
    /** Events come one at a time; those of the second attempt after the last of the first. */
    private boolean begun;

    private boolean seen;
    private volatile @Nullable Leg leg;
    private volatile @Nullable String cancelled;

    Journey(Ways ways, Call call, CallSink out) {
        this.ways = ways;
        this.call = call;
        this.out = out;
    }

    TenantCall.Running to(NodeView node) {
        new Leg(node, true).start();
        return this;
    }

    @Override
    public void cancel(String reason) {
        cancelled = reason;
        var current = leg;
        if (current != null) {
            current.cancel(reason);
        }
    }

    private void again(NodeView failed, CallEvent.Broken why) {
        var next = cancelled == null ? ways.table().another(call.version(), failed) : null;
        if (next == null) {
            out.accept(why);
            return;
        }
        call.used().addAttempt();
        ways.countRepeated();
        new Leg(next, false).start();
    }

    /** One attempt. */
    private final class Leg implements CallSink {
        private final NodeView node;
        private final boolean first;
        private final @Nullable Sending sending;
        private volatile TenantCall.@Nullable Running running;
        private boolean over;

        Leg(NodeView node, boolean first) {
            this.node = node;
            this.first = first;
            this.sending = ways.table().sending(node, call.version());
        }

        void start() {
            leg = this;
            TenantCall where;
            if (ways.table().isHere(node)) {
                where = ways.here();
            } else {
                ways.countForwarded();
                where = ways.links().on(node.member());
            }
            running = where.start(call, this);
            var reason = cancelled;
            if (reason != null) {
                // while it was being started
                cancel(reason);
            }
        }

        void cancel(String reason) {
            if (sending != null) {
                sending.dropped();
            }
            var started = running;
            if (started != null) {
                started.cancel(reason);
            }
        }

        @Override
        public void accept(CallEvent event) {
            if (over) {
                return;
            }
            switch (event) {
                case CallEvent.Begun _ -> begun();
                case CallEvent.Notice _, CallEvent.CloseStream _ -> {
                    seen = true;
                    out.accept(event);
                }
                case CallEvent.End end -> ended(end);
            }
        }

        private void begun() {
            if (sending != null) {
                sending.heard();
            }
            if (!begun) {
                begun = true;
                out.accept(CallEvent.Begun.NOW);
            }
        }

        private void ended(CallEvent.End end) {
            over = true;
            var broken = end instanceof CallEvent.Broken it ? it : null;
            if (sending != null) {
                sending.ended(broken == null ? null : broken.fault().kind());
            }
            if (broken != null
                    && first
                    && !seen
                    && ways.mayRepeat(call, broken.fault().kind())) {
                again(node, broken);
            } else {
                out.accept(end);
            }
        }
    }
}
