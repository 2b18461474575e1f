package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.control.testing.ApiDescription;
import smcp.control.testing.ControlNode;
import smcp.tenant.EngineKind;

@ExtendWith(VertxExtension.class)
class ControlDescriptionTest {
    private final ApiDescription api = new ApiDescription();

    @TempDir
    Path directory = Path.of("");

    @Test
    void routerAndDescriptionHaveTheSameOperations(Vertx vertx) {
        var router = new ControlNode(directory).start(vertx).verticle().router();

        var routes = router.getRoutes().stream()
                .filter(route -> route.getPath() != null)
                .flatMap(route -> route.methods().stream()
                        .map(method -> method.name() + " " + route.getPath().replaceAll(":(\\w+)", "{$1}")))
                .collect(Collectors.toSet());

        assertThat(routes).isEqualTo(api.operations());
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var dangling = new ArrayList<String>();
        references(api.document()).forEach(reference -> {
            if (api.document().at(reference.substring(1)).isMissingNode()) {
                dangling.add(reference);
            }
        });

        assertThat(dangling).isEmpty();
    }

    @Test
    void everyPathParameterIsDescribed() {
        api.document().path("paths").properties().forEach(path -> {
            var names = references(path.getValue().path("parameters")).stream()
                    .map(reference -> api.document()
                            .at(reference.substring(1))
                            .path("name")
                            .asText())
                    .toList();
            var inPath = Pattern.compile("\\{(\\w+)}")
                    .matcher(path.getKey())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(names).as(path.getKey()).containsExactlyElementsOf(inPath);
        });
    }

    @Test
    void everySchemaIsOne() {
        var dialect = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        api.document()
                .at("/components/schemas")
                .properties()
                .forEach(schema -> assertThat(dialect.validate(schema.getValue()))
                        .as(schema.getKey())
                        .isEmpty());
    }

    @Test
    void theErrorCodesAndEnginesAreThoseOfTheProgram() {
        var schemas = api.document().at("/components/schemas");

        assertThat(schemas.at("/Error/properties/error/properties/code/enum"))
                .allSatisfy(code -> assertThat(Fault.Kind.valueOf(code.asText()).modernStatus())
                        .isGreaterThanOrEqualTo(400));
        assertThat(schemas.at("/EngineKind/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        Arrays.stream(EngineKind.values()).map(EngineKind::word).toArray(String[]::new));
    }

    private static List<String> references(JsonNode node) {
        return node.findValuesAsText("$ref");
    }
}
