package smcp.node;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/** A node for as long as its process: stopped in order by SIGTERM and Ctrl-C. */
final class RunningNode {
    /** What to do with a node that has just started. */
    interface Then {
        void with(Node node) throws IOException;
    }

    /** Exit code of a node whose state is damaged: starting it again, as a service manager would, helps nobody. */
    static final int DAMAGED = 3;

    private static final Logger log = LoggerFactory.getLogger(RunningNode.class);

    private RunningNode() {}

    /** Starts, does {@code then}, waits for the end. Answers the exit code: 0 stopped, 1 failed, 2 wrong configuration, {@link #DAMAGED}. */
    static int run(Callable<NodeConfig> config, Then then) {
        try {
            var node = Node.start(config.call());
            var over = new CountDownLatch(1);
            var drained = new AtomicBoolean();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                if (drained.compareAndSet(false, true)) {
                                    node.drain();
                                }
                                over.countDown();
                            },
                            "smcp-drain"));
            var code = new AtomicInteger();
            node.toldToStop().onSuccess(_ -> end(node, drained, over));
            node.castOut().onSuccess(why -> {
                log.atError().log("this node is no member of its cluster any more: {}", why);
                code.set(1);
                end(node, drained, over);
            });
            try {
                then.with(node);
            } catch (IOException | RuntimeException e) {
                System.err.println("smcp: " + e.getMessage());
                return 1;
            }
            over.await();
            return code.get();
        } catch (ConfigFile.Wrong e) {
            e.problems().forEach(problem -> System.err.println("smcp: " + problem));
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (Fault e) {
            System.err.println("smcp: the node did not start: " + e.message());
            return e.kind() == Fault.Kind.STORE_DAMAGED ? DAMAGED : 1;
        } catch (Exception e) {
            System.err.println("smcp: the node did not start: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        } catch (Error e) {
            // whatever it was, the process must not stay with half a node in it
            log.atError().setCause(e).log("the node did not start");
            System.err.println("smcp: the node did not start: " + e);
            return 1;
        }
    }

    /** On a thread of its own: draining blocks. */
    private static void end(Node node, AtomicBoolean drained, CountDownLatch over) {
        var _ = Thread.ofPlatform().name("smcp-drain").start(() -> {
            if (drained.compareAndSet(false, true)) {
                node.drain();
            }
            over.countDown();
        });
    }
}
