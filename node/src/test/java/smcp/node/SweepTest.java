package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SweepTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(Sweep.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Queue<Promise<Integer>> begun = new ArrayDeque<>();
    private final Sweep sweep = new Sweep(List.of(() -> Future.succeededFuture(1), this::begin));

    private Future<Integer> begin() {
        var promise = Promise.<Integer>promise();
        begun.add(promise);
        return promise.future();
    }

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(said);
    }

    @Test
    void oneSweepWaitsForTheLast() {
        sweep.run();
        sweep.run();
        assertThat(begun).hasSize(1);
        begun.remove().complete(0);
        sweep.run();
        assertThat(begun).hasSize(1);
    }

    @Test
    void failingIsSaidOnceAndSoIsItsEnd() {
        for (var round = 0; round < 2; round++) {
            for (var i = 0; i < 100; i++) {
                sweep.run();
                begun.remove().fail("the store is away");
            }
            for (var i = 0; i < 100; i++) {
                sweep.run();
                begun.remove().complete(0);
            }
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly(
                        "what has expired could not be removed; it is tried again each second",
                        "what has expired is removed again",
                        "what has expired could not be removed; it is tried again each second",
                        "what has expired is removed again");
    }
}
