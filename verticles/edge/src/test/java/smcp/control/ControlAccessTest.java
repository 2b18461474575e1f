package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ApiDescription;
import smcp.control.testing.ControlNode;
import smcp.tenant.Trust;

/** Every operation of the description, asked for by every kind of caller. */
@ExtendWith(VertxExtension.class)
class ControlAccessTest {
    private static final Set<String> ANYBODY = Set.of("GET /metrics", "GET /admin/v1/openapi.json");
    private static final Set<String> OPERATOR_ONLY = Set.of(
            "GET /admin/v1/node",
            "GET /admin/v1/stores",
            "GET /admin/v1/nodes",
            "POST /admin/v1/nodes/{node}/drain",
            "GET /admin/v1/tenants",
            "GET /admin/v1/tenants/{tenant}",
            "PUT /admin/v1/tenants/{tenant}",
            "DELETE /admin/v1/tenants/{tenant}",
            "GET /admin/v1/tenants/{tenant}/tokens",
            "POST /admin/v1/tenants/{tenant}/tokens",
            "DELETE /admin/v1/tenants/{tenant}/tokens/{key}",
            "GET /admin/v1/vault",
            "POST /admin/v1/backup",
            "POST /admin/v1/vault/kek/rotate",
            "POST /admin/v1/vault/data-keys/rotate");

    @TempDir
    Path directory = Path.of("");

    @Test
    void everyOperationOpensToThoseItIsForAndToNobodyElse(Vertx vertx) {
        var node = new ControlNode(directory).start(vertx);
        node.tenant("shop", Trust.UNTRUSTED);
        node.tenant("other", Trust.UNTRUSTED);
        node.client("shop", "bot");
        var callers = Map.of(
                "nobody", new AdminClient(node.address(), null),
                "stranger", new AdminClient(node.address(), "smcp_xx_yy"),
                "client", new AdminClient(node.address(), node.clientKey("shop", "bot")),
                "other owner", new AdminClient(node.address(), node.ownerToken("other")),
                "owner", new AdminClient(node.address(), node.ownerToken("shop")),
                "operator", new AdminClient(node.address(), node.operatorToken()));

        // what removes things comes last
        var operations = new ApiDescription()
                .operations().stream()
                        .sorted((a, b) -> Boolean.compare(a.startsWith("DELETE"), b.startsWith("DELETE")))
                        .toList();
        for (var caller : List.of("nobody", "stranger", "client", "other owner", "owner", "operator")) {
            for (var operation : operations) {
                var parts = operation.split(" ", 2);
                var path = parts[1].replace("{tenant}", "shop")
                        .replace("{client}", "bot")
                        .replace("{name}", "TOKEN")
                        .replace("{node}", "n1")
                        .replace("{version}", "1")
                        .replace("{key}", "nokey");
                var answer = Objects.requireNonNull(callers.get(caller)).send(parts[0], path, null, new byte[0]);
                assertThat(answer.status())
                        .as(operation + " by " + caller)
                        .satisfies(status -> check(operation, caller, status));
                if (answer.status() == 401) {
                    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
                }
            }
        }
    }

    private static void check(String operation, String caller, int status) {
        var anybody = ANYBODY.contains(operation);
        switch (caller) {
            case "nobody" -> assertThat(status).isEqualTo(anybody ? 200 : 401);
            case "stranger" -> assertThat(status).isEqualTo(401);
            case "client", "other owner" -> assertThat(status).isEqualTo(anybody ? 200 : 403);
            case "owner" -> {
                if (OPERATOR_ONLY.contains(operation)) {
                    assertThat(status).isEqualTo(403);
                } else {
                    assertThat(status).isNotIn(401, 403);
                }
            }
            default -> assertThat(status).isNotIn(401, 403);
        }
    }

    @Test
    void metricsOfAPublicPortAreTheOperators(Vertx vertx) {
        var config = new ControlConfig("0.0.0.0", 0, true, List.of(), directory.resolve("uploads"), 1 << 20, 1);
        var node = new ControlNode(config).start(vertx);

        assertThat(new AdminClient(node.address(), null).get("/metrics").status())
                .isEqualTo(401);
        assertThat(new AdminClient(node.address(), node.operatorToken())
                        .get("/metrics")
                        .status())
                .isEqualTo(200);
    }
}
