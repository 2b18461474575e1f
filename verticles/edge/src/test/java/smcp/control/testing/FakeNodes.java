package smcp.control.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import smcp.bus.Fault;
import smcp.contract.Member;
import smcp.contract.NodeReport;
import smcp.contract.Nodes;

/** A cluster of two, of which one can be reached. */
public final class FakeNodes implements Nodes {
    /** What was drained. */
    public final List<String> drained = new CopyOnWriteArrayList<>();

    private static Member member(String name) {
        return new Member(name.repeat(8), "r", name, "eu", "z1", "127.0.0.1", 7, "1.2.3");
    }

    @Override
    public List<NodeReport> all() {
        return List.of(
                new NodeReport(member("n1"), "fit", null, Duration.ZERO, 0, 2, 1, 0),
                new NodeReport(member("n2"), "doubtful", Duration.ofNanos(345_000), Duration.ofSeconds(3), 1, 5, 4, 3));
    }

    @Override
    public Future<Void> drain(String node) {
        if (!List.of("n1", "n2").contains(node)) {
            return Future.failedFuture(
                    new Fault(Fault.Kind.NOT_FOUND, "no live node has the id or name \"" + node + "\""));
        }
        drained.add(node);
        return Future.succeededFuture();
    }
}
