package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ControlNode;
import smcp.tenant.DataKey;
import smcp.tenant.StoredSecret;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

@ExtendWith(VertxExtension.class)
class ControlSecretsTest {
    private static final String SECRETS = "/admin/v1/tenants/shop/secrets";
    private static final TenantId SHOP = new TenantId("shop");

    @TempDir
    Path directory = Path.of("");

    private ControlNode node;
    private AdminClient operator;

    @BeforeEach
    void open(Vertx vertx) {
        node = new ControlNode(directory).start(vertx);
        node.tenant("shop", Trust.UNTRUSTED);
        operator = new AdminClient(node.address(), node.operatorToken());
    }

    @Test
    void aSecretIsSetAndListedAndNeverShown() {
        assertThat(operator.put(SECRETS + "/TOKEN", "{\"value\":\"hunter2\"}").status())
                .isEqualTo(200);
        assertThat(operator.put(SECRETS + "/BYTES", "{\"base64\":\"AAEC\"}").status())
                .isEqualTo(200);
        var listed = operator.get(SECRETS);
        assertThat(listed.body().path("secrets").findValuesAsText("name")).containsExactly("BYTES", "TOKEN");
        assertThat(listed.http().body()).doesNotContain("hunter2");
        assertThat(ControlNode.await(node.secrets.read(SHOP, "BYTES")).orElseThrow())
                .containsExactly(0, 1, 2);
        assertThat(operator.delete(SECRETS + "/TOKEN").status()).isEqualTo(204);
        assertThat(operator.delete(SECRETS + "/TOKEN").status()).isEqualTo(404);
    }

    @Test
    void whatIsNoSecretIsRefused() {
        for (var body :
                List.of("{}", "{\"value\":\"a\",\"base64\":\"AA==\"}", "{\"base64\":\"%\"}", "{\"valeu\":\"a\"}")) {
            assertThat(operator.put(SECRETS + "/TOKEN", body).status()).as(body).isEqualTo(400);
        }
        assertThat(operator.put("/admin/v1/tenants/nobody/secrets/A", "{\"value\":\"a\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aDeletedTenantLeavesNoKeyAndNoSecret() {
        ControlNode.await(node.registry.commit(List.of(
                RegistryWrite.create(RegistryKey.dataKey("shop"), new DataKey("shop", "1", "AA==", null)),
                RegistryWrite.create(
                        RegistryKey.secret(SHOP, "TOKEN"), new StoredSecret(SHOP, "TOKEN", "AA==", Instant.EPOCH)))));
        assertThat(operator.delete("/admin/v1/tenants/shop", "If-Match", "*").status())
                .isEqualTo(204);
        assertThat(node.registry.paths()).noneMatch(path -> path.contains("shop"));
    }

    @Test
    void keysAreShownAndReplaced() {
        assertThat(operator.get("/admin/v1/vault").body().at("/keys/0/records").asInt())
                .isEqualTo(2);
        assertThat(operator.post("/admin/v1/vault/kek/rotate", null).status()).isEqualTo(202);
        assertThat(operator.post("/admin/v1/vault/data-keys/rotate", null).status())
                .isEqualTo(202);
        assertThat(operator.post("/admin/v1/vault/data-keys/rotate", "{\"tenant\":\"shop\"}")
                        .status())
                .isEqualTo(202);
        assertThat(operator.post("/admin/v1/vault/data-keys/rotate", "{\"tenant\":\"?\"}")
                        .field())
                .isEqualTo("tenant");
        assertThat(node.vault.wishes()).containsExactly("kek", "all", "shop");
    }
}
