package smcp.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.ChangeLog;
import smcp.contract.Engine;

/** Keeps the promise made to a listener: one call at a time, from many threads, and silence after the end. */
final class Told implements Engine.Listener {
    private static final Logger log = LoggerFactory.getLogger(Told.class);

    private final Engine.Listener listener;
    private boolean over;

    Told(Engine.Listener listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void changed(ChangeLog.Kind kind, String uri) {
        tell(() -> listener.changed(kind, uri));
    }

    @Override
    public synchronized void printed(String line) {
        tell(() -> listener.printed(line));
    }

    @Override
    public synchronized void lost(Fault why) {
        tell(() -> listener.lost(why));
    }

    /** Nothing is told any more. */
    synchronized void close() {
        over = true;
    }

    private void tell(Runnable what) {
        if (over) {
            return;
        }
        try {
            what.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("the listener of an engine threw");
        }
    }
}
