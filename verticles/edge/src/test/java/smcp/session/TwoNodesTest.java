package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.notification;
import static smcp.testing.McpWire.request;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import smcp.contract.ChangeLog;
import smcp.contract.LegacyRequest;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** Sessions and streams of two nodes that share a store: what is begun at one goes on at the other. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoNodesTest {
    private static final String ASKING =
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}";
    private static final String DONE = "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    private static final String CALL = request("7", "tools/call", "\"name\":\"echo\",\"_meta\":{\"progressToken\":1}");

    private TestEdge a;
    private TestEdge b;
    private McpWire atA;
    private McpWire atB;

    @BeforeEach
    void start() {
        a = TestEdge.start();
        b = a.another();
        atA = a.wire().session();
        atB = atA.at(b.wire());
    }

    @AfterEach
    void stop() {
        b.close();
        a.close();
    }

    private static List<String> data(McpWire.Exchange stream) {
        return stream.rest().stream()
                .map(McpWire.Event::data)
                .filter(data -> !data.isEmpty())
                .toList();
    }

    @Test
    void aSessionMadeAtOneNodeIsUsedAtTheOther() {
        b.tenant.answers(DONE);
        assertThat(atB.post(CALL).body()).contains("done");
        assertThat(atB.post(request("8", "ping", "")).status()).isEqualTo(200);
    }

    @Test
    void aStreamThatRunsOnOneNodeIsResumedAtTheOtherAndHearsTheRestAtOnce() {
        var first = atA.open("POST", CALL);
        var call = a.tenant.next().progress(1);
        var seen = first.message();
        first.close();
        try (var second = atB.with("Last-Event-ID", seen.id()).open("GET", "")) {
            Awaitility.await().until(() -> b.legacy.streams() == 1);
            call.progress(2);
            assertThat(second.next().data()).contains("\"progress\":2");
            call.progress(3);
            call.result(DONE);
            assertThat(data(second))
                    .satisfiesExactly(
                            one -> assertThat(one).contains("\"progress\":3"),
                            two -> assertThat(two).contains("done"));
        }
    }

    @Test
    void aStreamIsReadByOneConnectionInTheCluster() {
        try (var first = atA.open("POST", CALL)) {
            a.tenant.next().progress(1);
            var seen = first.next();
            try (var second = atB.with("Last-Event-ID", seen.id()).open("GET", "")) {
                Awaitility.await().until(() -> b.legacy.streams() == 1);
                // the first connection ends, and says nothing that the second one says, too
                assertThat(data(first).size()).isLessThanOrEqualTo(1);
                assertThat(second.head().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aCallIsCancelledThroughAnyNode() {
        try (var stream = atA.open("POST", CALL)) {
            var call = a.tenant.next().progress(1);
            assertThat(atB.post(notification("notifications/cancelled", "\"requestId\":7"))
                            .status())
                    .isEqualTo(202);
            Awaitility.await().until(call::isCancelled);
            assertThat(data(stream)).noneMatch(data -> data.contains("\"result\""));
        }
    }

    @Test
    void aQuestionAskedByOneNodeIsAnsweredThroughTheOtherWhichGoesOnWithTheCall() {
        try (var stream = atA.open("POST", CALL)) {
            a.tenant.next().result(ASKING);
            var id = stream.message().json().path("id").asText();
            assertThat(atB.post("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"roots\":[]}}")
                            .status())
                    .isEqualTo(202);
            b.tenant.next().result(DONE);
            assertThat(data(stream)).singleElement().asString().contains("done");
        }
        assertThat(b.legacy.calls()).isZero();
    }

    @Test
    void aRoundBehindTheFirstIsExecutedWhereTheTenantIs() {
        b.nearest = a.hosts;
        try (var stream = atA.open("POST", CALL)) {
            a.tenant.next().result(ASKING);
            var id = stream.message().json().path("id").asText();
            assertThat(atB.post("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"roots\":[]}}")
                            .status())
                    .isEqualTo(202);
            a.tenant.next().result(DONE);
            assertThat(data(stream)).singleElement().asString().contains("done");
        }
        Awaitility.await().until(() -> a.legacy.calls() + b.legacy.calls() == 0);
    }

    @Test
    void aCallThatIsExecutedElsewhereAnswersOnTheConnectionItCameOn() {
        a.nearest = b.hosts;
        b.tenant.answers(DONE);
        assertThat(atA.post(CALL).body()).contains("done");
        assertThat(a.tenant.untouched()).isTrue();
    }

    @Test
    void aSessionThatIsEndedAtOneNodeIsOverAtTheOtherWhenThatIsAnswered() {
        assertThat(atB.post(request("8", "ping", "")).status()).isEqualTo(200);
        try (var stream = atB.open("GET", "")) {
            Awaitility.await().until(() -> b.legacy.streams() == 1);
            assertThat(atA.delete().status()).isEqualTo(200);
            assertThat(atB.post(request("9", "ping", "")).status()).isEqualTo(404);
            assertThat(data(stream)).isEmpty();
        }
    }

    @Test
    void aSubscriptionMadeAtOneNodeHoldsForTheStreamAtTheOtherWhenItIsAnswered() {
        try (var stream = atB.open("GET", "")) {
            Awaitility.await().until(() -> b.legacy.streams() == 1);
            // node B remembers the session without the subscription
            assertThat(atB.post(request("8", "ping", "")).status()).isEqualTo(200);
            assertThat(atA.post(request("9", "resources/subscribe", "\"uri\":\"file:///x\""))
                            .status())
                    .isEqualTo(200);
            a.changed(TestEdge.OPEN, ChangeLog.Kind.RESOURCE, "file:///x");
            assertThat(stream.message().data())
                    .contains("notifications/resources/updated")
                    .contains("file:///x");
        }
    }

    @Test
    void theStreamsOfANodeThatIsLostAreEndedByTheOther() {
        var first = b.wire().session();
        String last;
        try (var stream = first.open("POST", CALL)) {
            b.tenant.next().progress(1);
            last = stream.next().id();
        }
        try (var resumed = first.at(a.wire()).with("Last-Event-ID", last).open("GET", "")) {
            Awaitility.await().until(() -> a.legacy.streams() == 1);
            b.members.die();
            assertThat(data(resumed)).last().asString().contains("the node stopped while the call was running");
        }
    }

    @Test
    void whatWasAskedOfANodeThatGoesOnWithACallIsALegacyRequest() {
        var seen = new AtomicReference<LegacyRequest>();
        a.nearest = (request, reply) -> {
            seen.set(request);
            a.hosts.serve(request, reply);
        };
        a.tenant.answers(DONE);
        assertThat(atA.post(CALL).status()).isEqualTo(200);
        assertThat(seen.get().requestId().text()).isEqualTo("7");
        assertThat(seen.get().resumed()).isNull();
    }
}
