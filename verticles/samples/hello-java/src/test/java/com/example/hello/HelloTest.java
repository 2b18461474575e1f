package com.example.hello;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelloTest {
    @Test
    void aSearchIsStructured() throws Exception {
        try (var tenant = new Tenant()) {
            assertThat(tenant.tool("search", "{\"words\":\"tolkien\"}", "")
                            .at("/structuredContent/books/0/isbn")
                            .asText())
                    .isEqualTo("9780261103573");
            assertThat(tenant.tool("search", "{\"words\":\"\",\"limit\":99}", "")
                            .path("isError")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void anOrderTakesOneNumberHoweverManyRounds() throws Exception {
        try (var tenant = new Tenant()) {
            var order = "{\"isbn\":\"9780141439518\"}";
            var asked = tenant.tool("order", order, "");
            assertThat(asked.at("/inputRequests/confirm/params/message").asText())
                    .isEqualTo("Order Pride and Prejudice for 7.99?");
            var state = ",\"requestState\":" + asked.path("requestState");
            var again = tenant.tool("order", order, state);
            assertThat(again.path("requestState")).isEqualTo(asked.path("requestState"));
            var done = tenant.tool(
                    "order",
                    order,
                    state + ",\"inputResponses\":{\"confirm\":{\"action\":\"accept\",\"content\":{\"confirm\":true}}}");
            assertThat(done.at("/content/0/text").asText()).isEqualTo("Order 1001 is on its way.");
        }
    }

    @Test
    void theRestWorksToo() throws Exception {
        try (var tenant = new Tenant()) {
            assertThat(tenant.tool("stocktake", "{}", "").path("said").asText())
                    .isEqualTo("progress 1.0, progress 2.0, progress 3.0");
            assertThat(tenant.call("resources/read", "{\"uri\":\"shop://books/9780553293357\"}")
                            .at("/contents/0/text")
                            .asText())
                    .isEqualTo("Foundation by Isaac Asimov");
            assertThat(tenant.call("prompts/get", "{\"name\":\"recommend\",\"arguments\":{\"genre\":\"fantasy\"}}")
                            .at("/messages/0/content/text")
                            .asText())
                    .contains("fantasy");
            assertThat(tenant.call(
                                    "completion/complete",
                                    "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"recommend\"},\"argument\":{\"name\":\"genre\",\"value\":\"f\"}}")
                            .at("/completion/values/0")
                            .asText())
                    .isEqualTo("fantasy");
        }
    }
}
