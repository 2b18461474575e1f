package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.api.CachePolicy;
import smcp.api.Completer;
import smcp.api.ListKind;
import smcp.api.PromptResult;
import smcp.api.TenantServer;
import smcp.runner.Host.RequestOf;

class ResourceAndPromptTest {
    enum Tone {
        WARM,
        COLD
    }

    record Letter(@JsonPropertyDescription("to whom") String to, int lines, Optional<Tone> tone) {}

    private static final TenantServer TENANT = mcp -> {
        mcp.cacheLists(CachePolicy.publicFor(Duration.ofSeconds(5)));
        mcp.resource("test://text")
                .name("text")
                .mimeType("text/plain")
                .cache(CachePolicy.privateFor(Duration.ofMillis(7)))
                .text(_ -> "hi");
        mcp.resource("test://bytes").mimeType("image/png").size(2).bytes(_ -> new byte[] {1, 2});
        mcp.resource("test://broken").text(_ -> {
            throw new java.io.IOException("gone");
        });
        mcp.template("test://doc/{id}/part")
                .mimeType("text/plain")
                .complete("id", Completer.among("alpha", "Beta"))
                .text((match, _) -> match.get("id"));
        mcp.template("file:///{+path}")
                .read((match, _) -> match.get("path").equals("none")
                        ? List.of()
                        : List.of(smcp.api.ResourceContents.text(match.uri(), null, match.get("path"))));
        mcp.prompt("plain")
                .description("d")
                .required("a", "first")
                .optional("b", "second")
                .complete(
                        "a",
                        (_, _) -> IntStream.range(0, 150).mapToObj(i -> "v" + i).toList())
                .complete("b", (typed, others) -> List.of(typed + others))
                .handle((args, _) -> PromptResult.user(args.toString()));
        mcp.prompt("letter").arguments(Letter.class).handle((letter, _) -> PromptResult.user(letter.toString()));
        mcp.prompt("broken").handle((_, _) -> {
            throw new IllegalStateException("no ink");
        });
    };

    private static RequestOf read(String uri) {
        return RequestOf.of("resources/read", "uri", uri);
    }

    private static RequestOf get(String name, String arguments) {
        return RequestOf.of("prompts/get", "name", name).with("arguments", arguments);
    }

    private static RequestOf complete(String ref, String argument) {
        return RequestOf.of("completion/complete", "x", "").with("ref", ref).with("argument", argument);
    }

    @Test
    void capabilitiesFollowFromWhatIsRegistered() throws Exception {
        try (var host = Host.of(TENANT);
                var bare = Host.of(mcp -> mcp.tool("t").handle((_, _) -> "x"))) {
            assertThat(Host.json(host.runner.discover())).isEqualTo(Host.json("""
                            {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"prompts":{"listChanged":true},
                             "resources":{"listChanged":true,"subscribe":true},"completions":{},"logging":{}},"instructions":"Be brief.","ttlMs":5000,"cacheScope":"public"}"""));
            assertThat(host.runner.serves("tools/list")).isFalse();
            assertThat(Host.json(bare.runner.discover()).path("capabilities"))
                    .isEqualTo(Host.json("{\"tools\":{\"listChanged\":true},\"logging\":{}}"));
            assertThat(bare.run(read("test://text")).code).isEqualTo(-32601);
        }
    }

    @Test
    void listsKeepTheOrderOfRegistration() throws Exception {
        try (var host = Host.of(TENANT)) {
            assertThat(host.list(CatalogueList.RESOURCES).path("resources").findValuesAsText("uri"))
                    .containsExactly("test://text", "test://bytes", "test://broken");
            assertThat(host.list(CatalogueList.RESOURCE_TEMPLATES)
                            .path("resourceTemplates")
                            .findValuesAsText("uriTemplate"))
                    .containsExactly("test://doc/{id}/part", "file:///{+path}");
            assertThat(host.list(CatalogueList.PROMPTS).at("/prompts/1/arguments"))
                    .isEqualTo(
                            Host.json(
                                    "[{\"name\":\"to\",\"description\":\"to whom\",\"required\":true},{\"name\":\"lines\",\"required\":true},{\"name\":\"tone\",\"required\":false}]"));
            assertThat(host.list(CatalogueList.PROMPTS).path("cacheScope").asText())
                    .isEqualTo("public");
        }
    }

    @Test
    void resourcesAreReadAsTextOrBytes() throws Exception {
        try (var host = Host.of(TENANT)) {
            assertThat(host.run(read("test://text")).result())
                    .isEqualTo(
                            Host.json(
                                    "{\"resultType\":\"complete\",\"contents\":[{\"uri\":\"test://text\",\"mimeType\":\"text/plain\",\"text\":\"hi\"}],\"ttlMs\":7,\"cacheScope\":\"private\"}"));
            assertThat(host.run(read("test://bytes"))
                            .result()
                            .at("/contents/0/blob")
                            .asText())
                    .isEqualTo("AQI=");
            assertThat(host.run(read("test://doc/a%20b+c/part"))
                            .result()
                            .at("/contents/0/text")
                            .asText())
                    .isEqualTo("a b+c");
            assertThat(host.run(read("file:///a/b"))
                            .result()
                            .at("/contents/0/text")
                            .asText())
                    .isEqualTo("a/b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"test://none", "test://doc/a/b/part", "test://doc//part", "file:///none", "file:///%zz"})
    void anUnknownResourceIsNamedInItsError(String uri) throws Exception {
        try (var host = Host.of(TENANT)) {
            var heard = host.run(read(uri));
            assertThat(heard.code).isEqualTo(-32602);
            assertThat(heard.data()).isEqualTo(Host.JSON.createObjectNode().put("uri", uri));
        }
    }

    @Test
    void codeThatThrowsIsAnInternalErrorWithItsMessage() throws Exception {
        try (var host = Host.of(TENANT)) {
            assertThat(host.run(read("test://broken")).code).isEqualTo(-32603);
            assertThat(host.run(read("test://broken")).message).isEqualTo("gone");
            assertThat(host.run(get("broken", "{}")).message).isEqualTo("no ink");
        }
    }

    @Test
    void promptsTakeStringsAndTypes() throws Exception {
        try (var host = Host.of(TENANT)) {
            assertThat(host.run(get("plain", "{\"a\":\"1\"}")).result())
                    .isEqualTo(
                            Host.json(
                                    "{\"resultType\":\"complete\",\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"{a=1}\"}}]}"));
            assertThat(host.run(get("letter", "{\"to\":\"Ada\",\"lines\":\"3\",\"tone\":\"WARM\"}"))
                            .result()
                            .at("/messages/0/content/text")
                            .asText())
                    .isEqualTo(new Letter("Ada", 3, Optional.of(Tone.WARM)).toString());
            assertThat(host.run(get("plain", "{}")).message).contains("plain", "required argument a");
            assertThat(host.run(get("plain", "{\"a\":1}")).code).isEqualTo(-32602);
            assertThat(host.run(get("letter", "{\"to\":\"Ada\",\"lines\":\"many\"}")).message)
                    .contains("lines");
            assertThat(host.run(get("nope", "{}")).message).isEqualTo("Unknown prompt: nope");
        }
    }

    @Test
    void completionsAreBoundedAndBadReferencesRefused() throws Exception {
        try (var host = Host.of(TENANT)) {
            var prompt = "{\"type\":\"ref/prompt\",\"name\":\"plain\"}";
            var many = host.run(complete(prompt, "{\"name\":\"a\",\"value\":\"\"}"))
                    .result()
                    .path("completion");
            assertThat(many.path("values").size()).isEqualTo(100);
            assertThat(many.path("total").asInt()).isEqualTo(150);
            assertThat(many.path("hasMore").asBoolean()).isTrue();
            assertThat(host.run(complete(prompt, "{\"name\":\"b\",\"value\":\"t\"}")
                                    .with("context", "{\"arguments\":{\"a\":\"x\"}}"))
                            .result()
                            .at("/completion/values/0")
                            .asText())
                    .isEqualTo("t{a=x}");
            assertThat(host.run(complete(
                                    "{\"type\":\"ref/resource\",\"uri\":\"test://doc/{id}/part\"}",
                                    "{\"name\":\"id\",\"value\":\"b\"}"))
                            .result()
                            .at("/completion/values"))
                    .isEqualTo(Host.json("[\"Beta\"]"));
            assertThat(host.run(complete(
                                    "{\"type\":\"ref/prompt\",\"name\":\"nope\"}", "{\"name\":\"a\",\"value\":\"\"}"))
                            .message)
                    .contains("nope");
            assertThat(host.run(complete(prompt, "{\"name\":\"z\",\"value\":\"\"}")).code)
                    .isEqualTo(-32602);
            assertThat(host.run(complete("{\"type\":\"ref/x\"}", "{}")).code).isEqualTo(-32602);
        }
    }

    @Test
    void changesAtRunTimeAreAnnouncedAndListed() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("grow").handle((_, _) -> {
                mcp.tool("late").handle((_, _) -> "late");
                return "grown";
            });
            mcp.tool("shrink").handle((_, _) -> mcp.removeTool("late"));
            mcp.tool("tell").handle((_, _) -> {
                mcp.changed(ListKind.PROMPTS);
                mcp.resourceUpdated("test://r");
                return "told";
            });
        })) {
            assertThat(host.changes).as("registration is no change").isEmpty();
            var _ = host.tool("grow", "{}");
            assertThat(host.tool("late", "{}").text()).isEqualTo("late");
            assertThat(host.list(CatalogueList.TOOLS).path("tools").findValuesAsText("name"))
                    .endsWith("late");
            assertThat(host.tool("shrink", "{}").text()).isEqualTo("true");
            assertThat(host.tool("late", "{}").code).isEqualTo(-32602);
            var _ = host.tool("tell", "{}");
            assertThat(host.changes).containsExactly(ListKind.TOOLS, ListKind.TOOLS, ListKind.PROMPTS);
            assertThat(host.updates).containsExactly("test://r");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a://{?q}",
                "a://{/p}",
                "a://{a,b}",
                "a://{a*}",
                "a://{a:3}",
                "a://{a",
                "a://x",
                "a://{a}{b}",
                "a://{a}/{a}",
                "a://{}"
            })
    void templatesBeyondTheSubsetAreRefused(String template) {
        assertThatThrownBy(() -> Host.of(mcp -> mcp.template(template).text((_, _) -> "x")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("resource template " + template);
    }
}
