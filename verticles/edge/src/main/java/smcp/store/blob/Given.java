package smcp.store.blob;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Collection;

/** A package on its way to another node, counted for those who wait for it to be there. */
final class Given extends Passing {
    private final String name;
    private final Collection<Giving> waiting;

    Given(ReadStream<Buffer> content, String name, Collection<Giving> waiting) {
        super(content);
        this.name = name;
        this.waiting = waiting;
    }

    @Override
    void passes(Buffer buffer) {
        for (var one : waiting) {
            if (one.name().equals(name)) {
                one.more(buffer.length());
            }
        }
    }
}
