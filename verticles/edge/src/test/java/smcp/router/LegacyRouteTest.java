package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.LegacyRequest;
import smcp.contract.Reply;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

@ExtendWith(VertxExtension.class)
class LegacyRouteTest {
    private static final Json ID = Json.of("7");

    private final FakeCluster cluster = new FakeCluster("n1", "n2");
    private final List<String> done = new ArrayList<>();
    private final List<@Nullable Reply> here = new ArrayList<>();
    private @Nullable Context context;

    @BeforeEach
    void tell(Vertx vertx) {
        context = vertx.getOrCreateContext();
        cluster.says("n1", Samples.awake(Samples.ACME, 0, 0));
        cluster.says("n2");
    }

    /** Writes down what is done with it. */
    private final class Noted implements Reply {
        @Override
        public Context context() {
            return Objects.requireNonNull(context);
        }

        @Override
        public void header(String name, String value) {
            done.add("header " + name);
        }

        @Override
        public void result(Json id, Json result) {
            done.add("result");
        }

        @Override
        public void failed(Json id, int code, String message, @Nullable Json data) {
            done.add("failed");
        }

        @Override
        public void fault(@Nullable Json id, Fault fault) {
            done.add("fault " + fault.kind() + " of " + (id == null ? "nothing" : id.text()));
        }

        @Override
        public void accepted() {
            done.add("accepted");
        }

        @Override
        public void done() {
            done.add("done");
        }

        @Override
        public EventStream stream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onGone(Runnable gone) {
            done.add("onGone");
        }
    }

    private LegacyRequest serve(String tool, @Nullable Reply reply) {
        var request = new LegacyRequest(Samples.tool(tool), ID, new SessionKey(Samples.ACME.tenant(), "session"), null);
        new LegacyRoute(cluster.ways, (_, given) -> here.add(given)).serve(request, reply);
        assertThat(cluster.legacy).extracting(FakeCluster.LegacyAttempt::node).containsExactly("n1");
        return request;
    }

    private Reply remote() {
        var reply = cluster.legacy.getLast().reply();
        if (reply == null) {
            throw new AssertionError("no reply was given");
        }
        return reply;
    }

    private void lost(Kind kind) throws Exception {
        cluster.legacy.getLast().lost().accept(new Fault(kind, "lost"));
        // behind whatever that has put there
        var passed = Promise.<Void>promise();
        Objects.requireNonNull(context).runOnContext(_ -> passed.complete());
        passed.future().await(5, TimeUnit.SECONDS);
    }

    private int attempts() {
        return cluster.legacy.size() + here.size();
    }

    @Test
    void whatTheOtherNodeDoesWithTheReplyIsDone() {
        var request = serve("write", new Noted());
        remote().header("Mcp-Session-Id", "x");
        remote().result(ID, Json.EMPTY_OBJECT);
        assertThat(done).containsExactly("header Mcp-Session-Id", "result");
        assertThat(request.call().used().attempts()).isEqualTo(1);
    }

    @Test
    void aCallThatWasNotDeliveredIsExecutedElsewhere() throws Exception {
        var request = serve("write", new Noted());
        lost(Kind.NODE_UNREACHABLE);
        assertThat(attempts()).isEqualTo(2);
        assertThat(done).isEmpty();
        assertThat(request.call().used().attempts()).isEqualTo(2);
    }

    @Test
    void aLostNodesCallIsExecutedElsewhereOnlyIfItsToolSaysThatItMay() throws Exception {
        var _ = serve("write", new Noted());
        lost(Kind.NODE_LOST);
        assertThat(attempts()).isEqualTo(1);
        assertThat(done).containsExactly("fault NODE_LOST of 7");
    }

    @Test
    void aLostNodesHarmlessCallIsExecutedElsewhere() throws Exception {
        var _ = serve("read", new Noted());
        lost(Kind.NODE_LOST);
        assertThat(attempts()).isEqualTo(2);
        assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAINING", "OVERLOADED", "NOT_DEPLOYED"})
    void aRefusalAtTheDoorIsNotAnsweredButTriedElsewhere(Kind refusal) {
        var _ = serve("write", new Noted());
        remote().header("Retry-After", "1");
        remote().fault(ID, new Fault(refusal, "no"));
        assertThat(attempts()).isEqualTo(2);
        assertThat(done).isEmpty();
    }

    @Test
    void aFailureOfTheTenantsIsAnswered() {
        var _ = serve("read", new Noted());
        remote().fault(ID, new Fault(Kind.ENGINE_LOST, "died"));
        assertThat(attempts()).isEqualTo(1);
        assertThat(done).containsExactly("fault ENGINE_LOST of 7");
    }

    @Test
    void aRoundWithoutAConnectionIsExecutedElsewhereOnlyIfItWasNotDelivered() throws Exception {
        var _ = serve("read", null);
        lost(Kind.NODE_LOST);
        assertThat(attempts()).as("the node may still be writing its log").isEqualTo(1);
        lost(Kind.NODE_UNREACHABLE);
        assertThat(attempts()).isEqualTo(2);
    }

    @Test
    void aNodeByItselfHandsTheReplyOn() {
        var alone = new FakeCluster();
        var reply = new Noted();
        var request =
                new LegacyRequest(Samples.tool("write"), ID, new SessionKey(Samples.ACME.tenant(), "session"), null);
        new LegacyRoute(alone.ways, (_, given) -> here.add(given)).serve(request, reply);
        assertThat(here).containsExactly(reply);
    }
}
