package com.example.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import smcp.api.ListKind;
import smcp.runner.CatalogueList;

class ConformanceTest {
    private static final String ROUND = "test_input_required_result_";
    private static final String ALICE =
            ",\"inputResponses\":{\"user_name\":{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}},\"extra\":{}}";

    @Test
    void theFirstOfEachListIsWhatTheSuiteExpects() throws Exception {
        try (var tenant = new Tenant()) {
            var tools = Tenant.json(tenant.runner.list(CatalogueList.TOOLS)).path("tools");
            assertThat(tools.path(0).path("name").asText()).isEqualTo("test_simple_text");
            tools.forEach(tool -> assertThat(tool.path("description").asText()).isNotEmpty());
            assertThat(Tenant.json(tenant.runner.list(CatalogueList.RESOURCES))
                            .at("/resources/0/uri")
                            .asText())
                    .isEqualTo("test://static-text");
        }
    }

    @Test
    void everyToolWithoutArgumentsAnswers() throws Exception {
        try (var tenant = new Tenant()) {
            for (var tool : Tenant.json(tenant.runner.list(CatalogueList.TOOLS)).path("tools")) {
                if (!tool.at("/inputSchema/required").isMissingNode()
                        || tool.path("name").asText().startsWith("json_schema")) continue;
                var answer = tenant.tool(tool.path("name").asText(), "{}", "");
                assertThat(answer.path("resultType").asText())
                        .as(tool.toString())
                        .isIn("complete", "input_required");
                assertThat(answer.path("isError").asBoolean())
                        .isEqualTo(tool.path("name").asText().equals("test_error_handling"));
            }
            assertThat(tenant.changes).containsExactly(ListKind.TOOLS, ListKind.PROMPTS);
        }
    }

    @Test
    void progressLogsAndTheClosedStreamAreReported() throws Exception {
        try (var tenant = new Tenant()) {
            assertThat(tenant.tool("test_tool_with_progress", "{}", "")
                            .path("said")
                            .asText())
                    .isEqualTo("progress 0.0, progress 50.0, progress 100.0");
            assertThat(tenant.tool("test_tool_with_logging", "{}", "")
                            .path("said")
                            .asText())
                    .isEqualTo("log info, log info, log info");
            assertThat(tenant.tool("test_reconnection", "{}", "").path("said").asText())
                    .isEqualTo("closeStream");
        }
    }

    @Test
    void roundsEndWithTheAnswersOfTheirClient() throws Exception {
        try (var tenant = new Tenant()) {
            assertThat(tenant.tool(ROUND + "elicitation", "{}", ALICE)
                            .at("/content/0/text")
                            .asText())
                    .isEqualTo("Hello, Alice!");
            assertThat(tenant.tool(ROUND + "elicitation", "{}", ",\"inputResponses\":{\"wrong\":{}}")
                            .path("resultType")
                            .asText())
                    .isEqualTo("input_required");
            var multiple = tenant.tool(ROUND + "multiple_inputs", "{}", "");
            assertThat(multiple.path("inputRequests").size()).isEqualTo(3);
            assertThat(multiple.path("requestState").isTextual()).isTrue();
            var state = tenant.tool(ROUND + "request_state", "{}", "");
            assertThat(tenant.tool(
                                    ROUND + "request_state",
                                    "{}",
                                    ",\"requestState\":" + state.path("requestState")
                                            + ",\"inputResponses\":{\"confirm\":{\"action\":\"accept\",\"content\":{\"ok\":true}}}")
                            .at("/content/0/text")
                            .asText())
                    .contains("state-ok");
            assertThat(tenant.tool(ROUND + "tampered_state", "{}", ",\"requestState\":\"x-TAMPERED\"")
                            .path("code")
                            .asInt())
                    .isEqualTo(-32602);
            var first = tenant.tool(ROUND + "multi_round", "{}", "");
            var second = tenant.tool(
                    ROUND + "multi_round",
                    "{}",
                    ",\"requestState\":" + first.path("requestState")
                            + ",\"inputResponses\":{\"step1\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}");
            assertThat(second.path("requestState")).isNotEqualTo(first.path("requestState"));
            assertThat(second.path("inputRequests").has("step2")).isTrue();
        }
    }

    @Test
    void theCapabilitiesOfTheRequestAreRespected() throws Exception {
        try (var tenant = new Tenant()) {
            var meta = ",\"arguments\":{},\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":%s}}";
            assertThat(tenant.call("tools/call", "{\"name\":\"test_missing_capability\"" + meta.formatted("{}"))
                            .path("data"))
                    .isEqualTo(Tenant.json("{\"requiredCapabilities\":{\"sampling\":{}}}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            var sampling = tenant.call(
                    "tools/call", "{\"name\":\"" + ROUND + "capabilities\"" + meta.formatted("{\"sampling\":{}}"));
            assertThat(sampling.path("inputRequests").findValuesAsText("method"))
                    .containsExactly("sampling/createMessage");
        }
    }

    @Test
    void resourcesAndPromptsHoldWhatTheSuiteReads() throws Exception {
        try (var tenant = new Tenant()) {
            for (var uri : List.of(
                    "test://static-text",
                    "test://static-binary",
                    "test://watched-resource",
                    "test://template/123/data"))
                assertThat(tenant.call("resources/read", "{\"uri\":\"" + uri + "\"}")
                                .at("/contents/0/mimeType")
                                .asText())
                        .isNotEmpty();
            assertThat(tenant.call("resources/read", "{\"uri\":\"test://template/123/data\"}")
                            .at("/contents/0/text")
                            .asText())
                    .contains("123");
            assertThat(tenant.call(
                                    "resources/read",
                                    "{\"uri\":\"test://nonexistent-resource-for-conformance-testing\"}")
                            .at("/data/uri")
                            .asText())
                    .startsWith("test://");
            assertThat(tenant.call(
                                    "prompts/get",
                                    "{\"name\":\"test_prompt_with_arguments\",\"arguments\":{\"arg1\":\"testValue1\",\"arg2\":\"testValue2\"}}")
                            .toString())
                    .contains("testValue1", "testValue2");
            assertThat(tenant.call(
                                    "prompts/get",
                                    "{\"name\":\"test_prompt_with_embedded_resource\",\"arguments\":{\"resourceUri\":\"test://example-resource\"}}")
                            .at("/messages/0/content/resource/uri")
                            .asText())
                    .isEqualTo("test://example-resource");
        }
    }
}
