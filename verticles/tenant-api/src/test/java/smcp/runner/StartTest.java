package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import smcp.api.Elicitation;
import smcp.api.Mcp;
import smcp.api.McpHeader;
import smcp.api.TenantServer;

class StartTest {
    record HeaderTwice(
            @McpHeader("A") String a, @McpHeader("a") String b) {}

    record HeaderOnNumber(@McpHeader("A") double a) {}

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(mcp -> mcp.tool("a b").handle((_, _) -> "x"), "tool a b: a name is"),
                refused(
                        mcp -> {
                            mcp.tool("a").handle((_, _) -> "x");
                            mcp.tool("a").handle((_, _) -> "x");
                        },
                        "tool a is registered twice"),
                refused(
                        mcp -> mcp.tool("a").inputSchema("{\"type\":\"array\"}").handle((_, _) -> "x"),
                        "tool a: inputSchema at /type: must be \"object\""),
                refused(
                        mcp -> mcp.tool("a")
                                .inputSchema("{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"int\"}}}")
                                .handle((_, _) -> "x"),
                        "tool a: inputSchema at /properties/x/type"),
                refused(
                        mcp -> mcp.tool("a")
                                .inputSchema("{\"type\":\"object\",\"$ref\":\"#/$defs/none\"}")
                                .handle((_, _) -> "x"),
                        "tool a: inputSchema does not compile"),
                refused(
                        mcp -> mcp.tool("a")
                                .inputSchema("{\"type\":\"object\",\"$ref\":\"http://127.0.0.1:1/x\"}")
                                .handle((_, _) -> "x"),
                        "http://127.0.0.1:1/x"),
                refused(
                        mcp -> mcp.tool("a")
                                .inputSchema(
                                        "{\"type\":\"object\",\"$schema\":\"http://json-schema.org/draft-07/schema#\"}")
                                .handle((_, _) -> "x"),
                        "at /$schema"),
                refused(mcp -> mcp.tool("a").inputSchema("{").handle((_, _) -> "x"), "a schema is not JSON"),
                refused(
                        mcp -> mcp.tool("a").outputSchema("{\"type\":7}").handle((_, _) -> Host.json("1")),
                        "tool a: outputSchema at /type"),
                refused(
                        mcp -> mcp.tool("a").input(HeaderTwice.class).handle((_, _) -> "x"),
                        "x-mcp-header a is used twice"),
                refused(
                        mcp -> mcp.tool("a").input(HeaderOnNumber.class).handle((_, _) -> "x"),
                        "at /properties/a: x-mcp-header needs type"),
                refused(
                        mcp -> mcp.tool("a")
                                .inputSchema(
                                        "{\"type\":\"object\",\"$defs\":{\"d\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}")
                                .handle((_, _) -> "x"),
                        "only below plain properties"),
                refused(mcp -> mcp.resource("no uri").text(_ -> "x"), "resource no uri: not a URI"),
                refused(mcp -> mcp.resource("relative").text(_ -> "x"), "the URI has no scheme"),
                refused(
                        mcp -> mcp.prompt("p")
                                .required("a", "")
                                .complete("b", (_, _) -> java.util.List.of())
                                .handle((_, _) -> smcp.api.PromptResult.of()),
                        "a completer for b"),
                refused(
                        _ -> {
                            throw new java.io.IOException("no database");
                        },
                        "java.io.IOException: no database"));
    }

    private static Arguments refused(TenantServer tenant, String message) {
        return Arguments.of(message, tenant);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String message, TenantServer tenant) {
        assertThatThrownBy(() -> Host.of(tenant))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(message)
                .hasMessageContaining("entry smcp.runner.Host$Given");
    }

    public static final class NoServer {}

    public static final class Hidden implements TenantServer {
        Hidden(int ignored) {}

        @Override
        public void configure(Mcp mcp) {}
    }

    public static final class Fails implements TenantServer {
        public Fails() {
            throw new IllegalStateException("at birth");
        }

        @Override
        public void configure(Mcp mcp) {}
    }

    @Test
    void anEntryThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Host.ofClass(NoServer.class))
                .hasMessageContaining("does not implement smcp.api.TenantServer");
        assertThatThrownBy(() -> Host.ofClass(Hidden.class)).hasMessageContaining("public constructor");
        assertThatThrownBy(() -> Host.ofClass(Fails.class)).hasMessageContaining("at birth");
        assertThatThrownBy(() -> Runner.start(
                        getClass().getClassLoader(),
                        new StartRequest("no.Such", new smcp.api.ServerInfo("a", "1", null), null),
                        NOBODY))
                .hasMessageContaining("no.Such: class not found");
    }

    private static final Outbound NOBODY = new Outbound() {
        @Override
        public void listChanged(smcp.api.ListKind kind) {}

        @Override
        public void resourceUpdated(String uri) {}

        @Override
        public void tenantFailed(String what, Throwable cause) {}
    };

    private static final AtomicBoolean CLOSED = new AtomicBoolean();

    public static final class Closeable implements TenantServer, AutoCloseable {
        @Override
        public void configure(Mcp mcp) {
            mcp.tool("t").handle((_, _) -> "x");
        }

        @Override
        public void close() {
            CLOSED.set(true);
        }
    }

    @Test
    void aServerThatCanBeClosedIsClosed() throws Exception {
        var host = Host.ofClass(Closeable.class);
        host.close();

        assertThat(CLOSED).isTrue();
        assertThat(host.tool("t", "{}").events).containsExactly("failed");
    }

    record Nested(HeaderTwice inner) {}

    @Test
    void aFormThatIsNotFlatIsAnErrorOfTheTool() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("t")
                .handle((_, call) ->
                        call.elicit("k", Elicitation.form("?", Nested.class)).toString()))) {
            var heard = host.run(Host.RequestOf.tool("t", "{}").able("{\"elicitation\":{}}"));
            assertThat(heard.text()).contains("form Nested: component inner");
        }
    }
}
