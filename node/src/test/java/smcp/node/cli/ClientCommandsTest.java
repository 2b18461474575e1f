package smcp.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.control.testing.ControlNode;
import smcp.control.testing.MemoryPackages;
import smcp.gate.SecretKeys;
import smcp.tenant.KeyHolder;
import smcp.tenant.TenantId;

/** The commands against a real control plane. */
@ExtendWith(VertxExtension.class)
class ClientCommandsTest {
    @TempDir
    Path directory = Path.of("");

    private ControlNode node = new ControlNode(Path.of(""));
    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void aNode(Vertx vertx) throws IOException {
        node = new ControlNode(directory).start(vertx);
        Files.createDirectory(directory.resolve(".smcp"));
        Files.writeString(directory.resolve(".smcp/operator.token"), node.operatorToken() + "\n");
        shell = new Shell(directory).with("SMCP_ADMIN", node.address().toString());
    }

    @Test
    void aTenantIsCreatedShownChangedAndDeleted() {
        var created = shell.run("tenant", "create", "shop", "--limit", "concurrency=5");
        var set = shell.run("tenant", "set", "shop", "--open", "--trust", "operator", "--limit", "queue=7");
        var taken = shell.run("tenant", "set", "shop", "--no-open", "--limit", "concurrency=default");
        var listed = shell.run("tenant", "list");

        assertThat(created.code()).isZero();
        assertThat(created.out()).contains("smcp deploy <package> --tenant shop");
        assertThat(set.out()).contains("open: anybody may call it", "5 (set)", "7 (set)");
        assertThat(taken.out()).contains("private", "7 (set)").doesNotContain("5 (set)");
        assertThat(listed.out()).containsPattern("shop +private +operator +nothing");
        assertThat(shell.run("tenant", "delete", "shop", "--yes").code()).isZero();
        assertThat(shell.run("tenant", "list").out()).contains("no tenants yet");
    }

    @Test
    void aBlobIsWrittenReadListedAndRemoved() throws IOException {
        shell.run("tenant", "create", "shop", "--limit", "blobs=1");
        Files.write(directory.resolve("in"), new byte[300_000]);
        var put = shell.run("blob", "put", "shop", "a/ü", "--file", "in");

        assertThat(put.err()).isEmpty();
        assertThat(put.out()).contains("300000 bytes written");
        assertThat(shell.run("blob", "put", "shop", "a/ü", "--file", "in", "--if-absent")
                        .code())
                .isEqualTo(1);
        assertThat(shell.run("blob", "put", "shop", "..", "--file", "in").err()).contains("may have 1");
        assertThat(shell.run("blob", "put", "shop", "a", "--file", "none").err())
                .contains("no such file");
        assertThat(shell.run("blob", "get", "shop", "a/ü", "--out", "out").out())
                .contains("300000 bytes");
        assertThat(directory.resolve("out")).hasSameBinaryContentAs(directory.resolve("in"));
        assertThat(shell.run("blob", "get", "shop", "none", "--out", "out2").err())
                .contains("no blob");
        assertThat(directory.resolve("out2")).doesNotExist();
        assertThat(shell.run("blob", "list", "shop").out()).containsPattern("a/ü +300000 ");
        assertThat(shell.run("tenant", "usage", "shop").out()).containsPattern("blobs +1 +1 +300000 ");
        assertThat(shell.run("blob", "delete", "shop", "a/ü").out()).contains("is deleted");
        assertThat(shell.run("blob", "list", "shop", "--prefix", "b").out()).contains("no such blobs");
        assertThat(shell.run("blob", "get", "shop", "a").code()).isEqualTo(2);
    }

    @Test
    void whatExistsIsNotCreatedAgain() {
        shell.run("tenant", "create", "shop");
        shell.run("client", "create", "shop", "bot");

        assertThat(shell.run("tenant", "create", "shop").err())
                .isEqualTo("smcp: tenant \"shop\" exists already; smcp tenant set shop changes it\n");
        assertThat(shell.run("client", "create", "shop", "bot").err())
                .isEqualTo(
                        "smcp: client \"bot\" of tenant \"shop\" exists already; smcp client set shop bot changes it\n");
    }

    @Test
    void aValueIsWrittenReadListedAndRemoved() throws IOException {
        shell.run("tenant", "create", "shop", "--limit", "kvEntries=3");
        var put = shell.run("kv", "put", "shop", "a/ü", "grün");
        var late = shell.run("kv", "put", "shop", "a/ü", "blau", "--if-absent");
        var got = shell.run("kv", "get", "shop", "a/ü");
        Files.write(directory.resolve("in"), new byte[] {0, (byte) 0xff});
        var file = shell.run("kv", "put", "shop", "..", "--file", "in", "--ttl", "60");
        var noText = shell.run("kv", "get", "shop", "..");
        var written = shell.run("kv", "get", "shop", "..", "--out", "out");

        assertThat(put.err()).isEmpty();
        assertThat(put.out()).contains("written as version");
        assertThat(late.code()).isEqualTo(1);
        assertThat(late.err()).contains("expected none");
        assertThat(got.out()).isEqualTo("grün" + System.lineSeparator());
        assertThat(file.code()).isZero();
        assertThat(noText.err()).contains("no text", "--out");
        assertThat(written.code()).isZero();
        assertThat(Files.readAllBytes(directory.resolve("out"))).containsExactly(0, 255);
        assertThat(shell.run("kv", "list", "shop").out()).containsPattern("a/ü +5 +[0-9]+ +never");
        assertThat(shell.run("kv", "list", "shop", "--prefix", "b").out()).contains("no such keys");
        assertThat(shell.run("tenant", "usage", "shop").out()).containsPattern("kv +2 +3 +13 +104857600");
        assertThat(shell.run("kv", "delete", "shop", "..").out()).contains("is deleted");
        assertThat(shell.run("kv", "get", "shop", "..").err()).contains("has no value");
        assertThat(shell.run("kv", "put", "shop", "k").code()).isEqualTo(2);
    }

    @Test
    void aValueIsJsonIfThatIsAskedFor() throws IOException {
        shell.run("tenant", "create", "shop");
        shell.run("kv", "put", "shop", "colour", "grün");
        Files.write(directory.resolve("in"), new byte[] {0, (byte) 0xff});
        shell.run("kv", "put", "shop", "bytes", "--file", "in");

        assertThat(shell.run("kv", "get", "shop", "colour", "--json").out()).contains("\"value\" : \"grün\"");
        assertThat(shell.run("kv", "get", "shop", "bytes", "--json").out())
                .contains("\"base64\" : \"AP8=\"")
                .doesNotContain("\"value\"");
    }

    @Test
    void whatIsWrongWithAFileOfThisMachineIsNotBlamedOnTheNode() throws IOException {
        shell.run("tenant", "create", "shop");
        Files.createDirectory(directory.resolve("folder"));

        assertThat(shell.run("blob", "put", "shop", "a", "--file", "folder").err())
                .contains("cannot read", "folder: it is no plain file");
        assertThat(shell.run("kv", "put", "shop", "a", "--file", "folder").err())
                .endsWith("cannot read folder: Is a directory\n");
        assertThat(shell.run("secret", "set", "shop", "a", "--file", "none").err())
                .isEqualTo("smcp: cannot read none: there is no such file\n");
        Files.write(directory.resolve("keys"), new byte[] {(byte) 0xff});
        assertThat(shell.run("vault", "keygen", "--add", "keys").err())
                .isEqualTo("smcp: cannot read keys: it is no text in UTF-8\n");
    }

    @Test
    void aNameThatWouldLeadElsewhereInAPathIsRefused() {
        shell.run("tenant", "create", "shop");

        assertThat(shell.run("kv", "get", "shop", "").err()).isEqualTo("smcp: a name must not be empty\n");
        assertThat(shell.run("tenant", "show", "..").err()).isEqualTo("smcp: a name must not be \"..\"\n");
    }

    @Test
    void marksThatTurnTheDirectionOfWritingAreNotShown() {
        assertThat(Shown.text("a\u202Eb\u2066c\u001Bd\te\u0627")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\te\u0627");
    }

    @Test
    void deletingAsksForTheName() {
        shell.run("tenant", "create", "shop");

        assertThat(shell.run("tenant", "delete", "shop").code()).isEqualTo(2);
        assertThat(shell.typing("shpo").run("tenant", "delete", "shop").err()).contains("not deleted");
        assertThat(shell.typing("shop").run("tenant", "delete", "shop").code()).isZero();
    }

    @Test
    void aFolderIsDeployedPromotedAndRolledBack() throws IOException {
        shell.run("tenant", "create", "shop");
        var folder = packageFolder();

        var first = shell.run("deploy", folder.toString(), "--tenant", "shop");
        Files.writeString(folder.resolve("main.js"), "// two");
        var second = shell.run("deploy", folder.toString(), "--tenant", "shop", "--no-activate");

        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("tenant shop has version 1 of demo: 2 tools, 0 prompts, 1 resource", "it serves now");
        assertThat(second.out()).contains("smcp promote shop 2 lets it");
        assertThat(shell.run("promote", "shop", "2", "--percent", "10").out())
                .contains("version 1 (90 %), version 2 (10 %)");
        assertThat(shell.run("promote", "shop", "2").out()).contains("serves version 2 now");
        assertThat(shell.run("rollback", "shop").out()).contains("serves version 1 now");
        var nothing = shell.run("rollback", "shop");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.err()).contains("no version before");
        assertThat(shell.run("versions", "shop").out()).containsPattern("2 +- +demo 0.0.0 +js");
        assertThat(shell.run("undeploy", "shop").out()).contains("serves nothing now");
    }

    @Test
    void theSameFolderIsRecognisedAgain() throws IOException {
        shell.run("tenant", "create", "shop");
        var folder = packageFolder();
        shell.run("deploy", folder.toString(), "--tenant", "shop");

        assertThat(shell.run("deploy", folder.toString(), "--tenant", "shop").out())
                .contains("its bytes are those of version 1");
    }

    @Test
    void aPackageThatHoldsAKeyIsRefusedUnlessTheFileIsNamed() throws IOException {
        shell.run("tenant", "create", "shop");
        var key = new SecretKeys(node.registry, InstantSource.system())
                .issue(new KeyHolder.Operator(), null)
                .token();
        var folder = packageFolder();
        var inside = Files.createDirectory(folder.resolve("lib")).resolve("me.key");
        // a key that two reads share is found as well
        Files.writeString(inside, "x".repeat((64 << 10) - 20) + key);

        var refused = shell.run("deploy", folder.toString(), "--tenant", "shop");
        var named = shell.run("deploy", folder.toString(), "--tenant", "shop", "--include", "me.key");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("lib/me.key holds a key", "Move the file out", "--include me.key")
                .doesNotContain(key);
        assertThat(named.err()).isEmpty();
        assertThat(named.code()).isZero();
        var zip = directory.resolve("with-key.zip");
        PackageFolder.zip(folder, Set.of(), zip);
        assertThat(shell.run("deploy", zip.toString(), "--tenant", "shop").err())
                .contains("lib/me.key holds a key");
        Files.writeString(inside, "smcp_xx_yy is not one");
        assertThat(shell.run("deploy", folder.toString(), "--tenant", "shop").code())
                .isZero();
    }

    @Test
    void anUploadOfAFileShowsItsProgressOnATerminal() throws IOException {
        shell.run("tenant", "create", "shop");
        var zip = Files.write(directory.resolve("demo.zip"), MemoryPackages.js("demo"));

        var done = shell.typing().run("deploy", zip.toString(), "--tenant", "shop", "--json");

        assertThat(done.code()).isZero();
        assertThat(done.out()).contains("\"version\" : 1");
        assertThat(done.err()).contains("sent; the node starts the package");
    }

    @Test
    void aPackageThatFailsSaysWhy() throws IOException {
        shell.run("tenant", "create", "shop");
        node.runtime.onStart(_ -> Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "main.js:1: \u001b[31mno export")));

        var failed = shell.run("deploy", packageFolder().toString(), "--tenant", "shop");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("did not start: main.js:1: ").doesNotContain("\u001b");
    }

    @Test
    void clientsKeysAndTokensAreMadeAndTakenBack() {
        shell.run("tenant", "create", "shop");

        assertThat(shell.run("client", "create", "shop", "bot", "--tool", "greet", "--tool", "add*")
                        .out())
                .contains("may call: greet, add*");
        var key = shell.run("key", "create", "shop", "bot", "--expires", "90d");
        assertThat(node.keys.verify(key.out().strip())).isNotNull();
        var id = key.out().split("_", 3)[1];
        assertThat(key.err()).contains("id " + id, "never again");
        assertThat(shell.run("key", "list", "shop", "bot").out())
                .contains(id)
                .doesNotContain(key.out().strip());
        assertThat(shell.run("key", "revoke", "shop", "bot", id).code()).isZero();
        assertThat(node.keys.verify(key.out().strip())).isNull();
        assertThat(shell.run("client", "set", "shop", "bot", "--tool", "x").out())
                .contains("may call: x");
        assertThat(shell.run("client", "list", "shop").out()).containsPattern("bot +x");
        assertThat(shell.run("client", "delete", "shop", "bot").code()).isZero();
        var token = shell.run("token", "create", "shop").out().strip();
        var owner = new Shell(directory)
                .with("SMCP_ADMIN", node.address().toString())
                .with("SMCP_TOKEN", token);
        assertThat(owner.run("versions", "shop").code()).isZero();
        var refused = owner.run("tenant", "list");
        assertThat(refused.err()).contains("a tenant's token only its own");
        assertThat(shell.run("token", "revoke", "shop", token.split("_", 3)[1]).code())
                .isZero();
        assertThat(owner.run("versions", "shop").err()).contains("--token-file");
    }

    @Test
    void aSecretComesFromAFileAndIsNeverShown() throws IOException {
        var _ = shell.run("tenant", "create", "shop");
        var file = Files.writeString(directory.resolve("key.txt"), "hunter2\n");

        assertThat(shell.run("secret", "set", "shop", "TOKEN", "--file", file.toString()))
                .satisfies(set -> assertThat(set.out()).contains("secret TOKEN is set"));
        assertThat(shell.run("secret", "list", "shop").out()).contains("TOKEN").doesNotContain("hunter2");
        assertThat(ControlNode.await(node.secrets.read(new TenantId("shop"), "TOKEN")))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("hunter2\n"));
        assertThat(shell.run("secret", "delete", "shop", "TOKEN").code()).isZero();
        assertThat(shell.run("secret", "list", "shop").out()).contains("there are none");
        assertThat(shell.run("secret", "set", "shop", "TOKEN", "hunter2").code())
                .isEqualTo(2);
    }

    @Test
    void theVaultIsShownAndItsKeysAreReplaced() throws IOException {
        assertThat(shell.run("vault", "status").out())
                .contains("file node.key", "encrypts", "failing", "kv/a: changed", "1 records left")
                .contains("everything of shop is sealed anew; its old key is dropped at 1970-01-01T00:10:00Z");
        assertThat(shell.run("vault", "rotate-kek").code()).isZero();
        assertThat(shell.run("vault", "rotate-data-keys", "shop").code()).isZero();
        assertThat(node.vault.wishes()).containsExactly("kek", "shop");

        var first = Files.writeString(
                directory.resolve("kek.json"), shell.run("vault", "keygen").out());
        var second = Files.writeString(
                directory.resolve("more.json"),
                shell.run("vault", "keygen", "--add", first.toString()).out());
        assertThat(shell.run("vault", "keygen", "--promote", second.toString()).out())
                .contains("primaryKeyId")
                .isNotEqualTo(Files.readString(second));
        assertThat(shell.run("vault", "keygen", "--add", "missing").err()).contains("cannot read missing");
    }

    @Test
    void theNodeAndTheLinesOfATenantAreShown() {
        shell.run("tenant", "create", "shop");

        assertThat(shell.run("node", "status").out()).contains("1.2.3", "engine js", "without a box");
        assertThat(shell.run("logs", "shop", "--lines", "2").out()).isEqualTo("shop says 0\nshop says 1\n");
    }

    @Test
    void whatTheUserGotWrongEndsWithTwo() {
        assertThat(shell.run("deploy", ".").code()).isEqualTo(2);
        var group = shell.run("tenant");
        assertThat(group.code()).isEqualTo(2);
        assertThat(group.err()).contains("list, show, usage, create, set, delete", "See smcp tenant --help");
        assertThat(shell.run("deploy", ".").err())
                .startsWith("smcp: Missing required option: '--tenant=TENANT'")
                .endsWith("See smcp deploy --help\n")
                .hasLineCount(2);
        var unknown = shell.run("tenant", "create", "shop", "--opne");
        assertThat(unknown.err())
                .startsWith("smcp: Unknown option: '--opne'")
                .contains("--open", "See smcp tenant create --help");
        assertThat(shell.run("tenant", "create", "shop", "--limit", "concurrency=99999999999999999999")
                        .err())
                .contains("at most")
                .doesNotContain("whole number");
        assertThat(shell.run("tenant", "create", "shop", "--limit", "queue=many")
                        .err())
                .contains("whole number");
        assertThat(shell.run("key", "create", "a", "b", "--expires", "soon").err())
                .contains("90d");
        assertThat(shell.run("tenant", "list", "--admin", "nowhere").err()).contains("--admin must be a URL");
        assertThat(shell.run("promote", "shop", "1", "--percent", "0").code()).isEqualTo(2);
    }

    @Test
    void whatFailedSaysWhatToDoNext() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        var unreachable = shell.run("tenant", "list", "--admin", "http://127.0.0.1:" + closed);
        var unknown = shell.run("tenant", "show", "nobody");
        var tokenless = new Shell(directory.resolve("uploads")).run("tenant", "list");
        var missing = shell.run("tenant", "list", "--token-file", "none");

        assertThat(unreachable.code()).isEqualTo(1);
        assertThat(unreachable.err()).contains("is the node running? scripts/run starts one");
        assertThat(unknown.err()).contains("there is no tenant \"nobody\"", "smcp tenant list");
        assertThat(tokenless.err()).contains("no token", "--token-file");
        assertThat(missing.err()).contains("there is no such file");
    }

    @Test
    void everyCommandHasHelp() {
        for (var command : Shell.commands()) {
            var usage = command.getUsageMessage(Ansi.OFF);
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandName())
                    .isNotEmpty();
            assertThat(usage).as(command.getCommandName()).contains("--help");
        }
    }

    private Path packageFolder() throws IOException {
        var folder = Files.createDirectories(directory.resolve("demo"));
        Files.writeString(folder.resolve("smcp.json"), "{\"name\":\"demo\",\"engine\":\"js\",\"entry\":\"main.js\"}");
        Files.writeString(folder.resolve("main.js"), "// one");
        return folder;
    }

    @Test
    void anAuditLogWithoutSuchLinesSaysSo() throws IOException {
        Files.createDirectories(directory.resolve("audit"));

        var none = shell.run("audit", "show", "--dir", "audit", "--tenant", "nosuch");
        var kind = shell.run("audit", "show", "--dir", "audit", "--kind", "foo");

        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("no lines match\n");
        assertThat(kind.code()).isEqualTo(2);
        assertThat(kind.err()).contains("call, refused, admin, file, lost, removed");
    }

    @Test
    void storesAreCheckedAndTroubleIsAFailure() {
        var checked = shell.run("store", "check");
        assertThat(checked.code()).isEqualTo(1);
        assertThat(checked.out())
                .containsPattern("registry +sqlite +on the disk +one process has it +the disk\n")
                .containsPattern("registry.db \\(writing\\) +1.5 ms +ok")
                .containsPattern("values.db \\(writing\\) +2.0 ms +values.db: the disk is full");
        assertThat(checked.err()).isEqualTo("smcp: 1 store is in trouble\n");
        assertThat(shell.run("store", "check", "--json").out()).contains("\"micros\" : 1500");
    }

    @Test
    void nodesAreListedAndStopped() {
        assertThat(shell.run("nodes").out())
                .containsPattern("n1 +eu +z1 +fit +this one +2 +1 +0 +1.2.3")
                .containsPattern("n2 +eu +z1 +doubtful +0.3 ms +5 +4 +3 +1.2.3");
        assertThat(shell.run("drain", "n2").out()).contains("Node n2 is stopping");
        assertThat(node.nodes.drained).containsExactly("n2");
        var unknown = shell.run("drain", "n9");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no live node has the id or name \"n9\"");
    }

    @Test
    void whatIsNoPlainFileIsNotReplacedByADownload() throws IOException {
        var _ = shell.run("tenant", "create", "shop");
        var content = Files.writeString(directory.resolve("content"), "large");
        assertThat(shell.run("blob", "put", "shop", "b", "--file", content.toString())
                        .code())
                .isZero();
        var target = Files.writeString(directory.resolve("target"), "mine");
        var link = Files.createSymbolicLink(directory.resolve("link"), target);
        var folder = Files.createDirectory(directory.resolve("folder"));
        for (var place : List.of(link, folder)) {
            var refused = shell.run("blob", "get", "shop", "b", "--out", place.toString());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("is there already and no plain file");
        }
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.readString(target)).isEqualTo("mine");
    }

    @Test
    void aValueFromAFileWithoutAnEndIsRefusedByItsBound() {
        var _ = shell.run("tenant", "create", "shop");
        var refused = shell.run("kv", "put", "shop", "k", "--file", "/dev/zero");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("/dev/zero is longer than a value may be: 26214400 bytes");
    }

    @Test
    void aTokenThatFitsInNoHeaderIsNotShown() {
        var broken = new Shell(directory)
                .with("SMCP_ADMIN", node.address().toString())
                .with("SMCP_TOKEN", "smcp_secret\nvalue");
        var refused = broken.run("tenant", "list");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("the variable SMCP_TOKEN must hold one token on one line")
                .doesNotContain("smcp_secret");
    }
}
