package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.control.testing.ControlNode.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.control.Deployment.Activation;
import smcp.control.testing.ControlNode;
import smcp.control.testing.FakeEngine;
import smcp.control.testing.FakeRuntime;
import smcp.control.testing.MemoryPackages;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

class DeploymentTest {
    @TempDir
    Path directory = Path.of("");

    private ControlNode node = new ControlNode(Path.of(""));
    private TenantId shop = new TenantId("shop");

    @BeforeEach
    void aTenant() {
        node = new ControlNode(directory);
        shop = node.tenant("shop", Trust.UNTRUSTED);
    }

    @Test
    void aDeployedPackageServes() {
        var done = deploy("one");

        assertThat(done.active()).isTrue();
        assertThat(done.sameAs()).isNull();
        assertThat(tenant().active()).containsExactly(Share.all(1));
        assertThat(node.registry.paths()).contains("version/shop/1", "catalogue/shop/1");
        assertThat(node.packages.hashes()).containsExactly(done.version().packageHash());
    }

    @Test
    void theVersionBeforeIsRetiredAfterTheSwitch() {
        deploy("one");

        deploy("two");

        assertThat(tenant().active()).containsExactly(Share.all(2));
        assertThat(node.runtime.retired()).containsExactly(ref(1));
    }

    @Test
    void theSameBytesBecomeANewVersionThatSaysSo() {
        deploy("one");
        deploy("two");

        var again = deploy("one");

        assertThat(again.version().ref()).isEqualTo(ref(3));
        assertThat(again.sameAs()).isEqualTo(1);
        assertThat(node.runtime.started()).containsExactly(ref(1), ref(2), ref(3));
    }

    @Test
    void aPackageThatDoesNotStartLeavesNothingButASpentNumber() {
        var before = deploy("one");
        node.runtime.onStart(_ -> Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "main.js:3: x is not defined")));

        fails(() -> deploy("broken"), Kind.PACKAGE_INVALID, "the package did not start: main.js:3: x is not defined");

        assertThat(tenant().active()).containsExactly(Share.all(1));
        assertThat(tenant().lastVersion()).isEqualTo(2);
        assertThat(node.registry.paths()).containsExactly("catalogue/shop/1", "tenant/shop", "version/shop/1");
        assertThat(node.packages.hashes()).containsExactly(before.version().packageHash());
        assertThat(node.runtime.retired()).isEmpty();
    }

    @Test
    void aPackageThatAVersionNamesOutlivesAFailedDeployOfTheSameBytes() {
        var first = deploy("one");
        node.runtime.onStart(_ -> Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "no")));

        fails(() -> deploy("one"), Kind.PACKAGE_INVALID, "did not start");

        assertThat(node.packages.hashes()).containsExactly(first.version().packageHash());
    }

    @Test
    void aPackageThatIsBeingDeployedOutlivesAFailedDeployOfTheSameBytes() {
        var slow = Promise.<CatalogueEdition>promise();
        node.runtime.onStart(version ->
                version.ref().number() == 1 ? slow.future() : Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "no")));
        var first = node.deployment.deploy(shop, file(MemoryPackages.js("one")), "test", Activation.ACTIVATE);
        fails(() -> deploy("one"), Kind.PACKAGE_INVALID, "did not start");

        slow.complete(FakeRuntime.catalogue(version("one", 1)));

        assertThat(node.packages.hashes())
                .containsExactly(await(first).version().packageHash());
    }

    @Test
    void aStoreThatFailsAtTheSwitchLeavesTheStateBefore() {
        deploy("one");
        node.registry.refuse(writes -> writes.size() > 1);

        fails(() -> deploy("two"), Kind.STORE_UNAVAILABLE, "away");

        assertThat(tenant().active()).containsExactly(Share.all(1));
        assertThat(node.packages.hashes()).hasSize(1);
        assertThat(node.runtime.retired()).isEmpty();
    }

    @Test
    void codeWithoutABoxIsRefusedUntilTheOperatorSignsForIt() {
        var jar = MemoryPackages.verticle("native");

        fails(() -> deploy(jar), Kind.TRUST_REFUSED, "smcp tenant set shop --trust operator");

        assertThat(node.packages.hashes()).isEmpty();
        assertThat(node.runtime.started()).isEmpty();
        assertThat(tenant().lastVersion()).isZero();
    }

    @Test
    void trustThatIsTakenBackWhileThePackageStartsStopsTheDeploy() {
        var own = node.tenant("own", Trust.OPERATOR);
        node.runtime.onStart(version -> change(own, Trust.UNTRUSTED).map(FakeRuntime.catalogue(version)));

        fails(
                () -> await(node.deployment.deploy(
                        own, file(MemoryPackages.verticle("native")), "test", Activation.ACTIVATE)),
                Kind.TRUST_REFUSED,
                "nobody signs");
    }

    @Test
    void aMissingEngineIsNamedWithWhatIsMissing() {
        var deployment = new Deployment(
                node.registry,
                node.packages,
                Map.of(EngineKind.JS, new FakeEngine(EngineKind.JS, false, "Node.js 20 or newer is not on PATH")),
                node.runtime,
                node.runtime,
                InstantSource.system());

        fails(
                () -> await(deployment.deploy(shop, file(MemoryPackages.js("one")), "test", Activation.ACTIVATE)),
                Kind.PACKAGE_INVALID,
                "this node cannot run engine \"js\": Node.js 20 or newer is not on PATH");
    }

    @Test
    void deploysAtOnceGetNumbersOfTheirOwnAndTheNewestServes() {
        var starts = new ArrayList<Promise<CatalogueEdition>>();
        node.runtime.onStart(version -> {
            var start = Promise.<CatalogueEdition>promise();
            starts.add(start);
            return start.future().map(_ -> FakeRuntime.catalogue(version));
        });
        var deploys = IntStream.range(0, 12)
                .mapToObj(i ->
                        node.deployment.deploy(shop, file(MemoryPackages.js("p" + i)), "test", Activation.ACTIVATE))
                .toList();

        starts.reversed().forEach(start -> start.complete(FakeRuntime.catalogue(version("any", 1))));

        assertThat(deploys.stream().map(done -> await(done).version().ref().number()))
                .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(tenant().active()).containsExactly(Share.all(12));
        assertThat(deploys.stream().filter(done -> await(done).active())).hasSize(1);
    }

    @Test
    void aRivalWhoChangesTheTenantMeanwhileLosesNothing() {
        node.registry.beforeNextCommit(() -> await(change(shop, Trust.OPERATOR)));

        deploy("one");

        assertThat(tenant().trust()).isEqualTo(Trust.OPERATOR);
        assertThat(tenant().active()).containsExactly(Share.all(1));
    }

    @Test
    void anOlderVersionServesAgain() {
        deploy("one");
        deploy("two");

        await(node.deployment.activate(shop, List.of(Share.all(1))));

        assertThat(tenant().active()).containsExactly(Share.all(1));
        assertThat(node.runtime.retired()).containsExactly(ref(1), ref(2));
    }

    @Test
    void aCanaryRetiresNobody() {
        deploy("one");
        await(node.deployment.deploy(shop, file(MemoryPackages.js("two")), "test", Activation.ONLY_STORE));

        await(node.deployment.activate(shop, List.of(new Share(1, 90, null), new Share(2, 10, null))));

        assertThat(node.runtime.retired()).isEmpty();
    }

    @Test
    void sharesThatDoNotServeEverybodyAreRefused() {
        deploy("one");

        fails(
                () -> activate(new Share(1, 90, null)),
                Kind.INVALID_INPUT,
                "add up to 100 percent without a region, got 90");
        fails(
                () -> activate(new Share(1, 100, "eu")),
                Kind.INVALID_INPUT,
                "add up to 100 percent without a region, got 0");
        fails(() -> activate(Share.all(2)), Kind.NOT_FOUND, "has no version 2");
        fails(() -> activate(), Kind.INVALID_INPUT, "1 to 16 shares, got 0");
        fails(() -> activate(new Share(1, 50, null), new Share(1, 50, null)), Kind.INVALID_INPUT, "twice");
    }

    @Test
    void anUndeployedTenantKeepsItsVersions() {
        deploy("one");

        await(node.deployment.undeploy(shop));

        assertThat(tenant().active()).isEmpty();
        assertThat(node.registry.paths()).contains("version/shop/1");
        assertThat(node.runtime.retired()).containsExactly(ref(1));
    }

    @Test
    void aDeletedTenantLeavesNothing() {
        node.tenant("shop2", Trust.UNTRUSTED);
        deploy("one");
        deploy("two");
        node.client("shop", "bot");
        var _ = node.clientKey("shop", "bot");
        var _ = node.ownerToken("shop");

        await(node.deployment.delete(shop));

        assertThat(node.registry.paths()).containsExactly("tenant/shop2");
        assertThat(node.packages.hashes()).isEmpty();
        assertThat(node.runtime.retired()).contains(ref(1), ref(2));
    }

    @Test
    void aDeployThatATenantsDeletionOvertakesLeavesNothing() {
        node.runtime.onStart(version -> node.deployment.delete(shop).map(_ -> FakeRuntime.catalogue(version)));

        fails(() -> deploy("one"), Kind.TENANT_UNKNOWN, "shop");

        assertThat(node.registry.paths()).isEmpty();
        assertThat(node.packages.hashes()).isEmpty();
    }

    @Test
    void onlyTheNewestVersionsAreKeptAndWhatServes() {
        deploy("one");
        for (var i = 0; i < NewVersion.MOST_VERSIONS; i++) {
            await(node.deployment.deploy(shop, file(MemoryPackages.js("p" + i)), "test", Activation.ONLY_STORE));
        }

        var versions = Versions.all(node.registry, shop).stream()
                .map(version -> version.value().ref().number())
                .toList();

        assertThat(versions).hasSize(NewVersion.MOST_VERSIONS + 1).contains(1, 2, 101);
        await(node.deployment.activate(shop, List.of(Share.all(101))));
        deploy("last");
        deploy("very last");
        assertThat(Versions.all(node.registry, shop)).hasSize(NewVersion.MOST_VERSIONS);
        assertThat(node.packages.hashes()).hasSize(NewVersion.MOST_VERSIONS);
    }

    @Test
    void aPackagesWishesStayUnderTheOperatorsCeiling() {
        deploy(
                MemoryPackages.zip(
                        "{\"name\":\"a\",\"engine\":\"js\",\"entry\":\"m.js\",\"limits\":{\"concurrency\":4,\"queue\":90000}}"));

        assertThat(node.runtime.limits().getFirst().concurrency()).isEqualTo(4);
        assertThat(node.runtime.limits().getFirst().queue()).isEqualTo(Limits.DEFAULT.queue());
    }

    @Test
    void aWishThatIsNoLimitIsRefusedWithItsName() {
        fails(
                () -> deploy(MemoryPackages.zip(
                        "{\"name\":\"a\",\"engine\":\"js\",\"entry\":\"m.js\",\"limits\":{\"concurrency\":0}}")),
                Kind.PACKAGE_INVALID,
                "smcp.json: limits.concurrency must be 1 to 10000, got 0");
        assertThat(node.packages.hashes()).isEmpty();
    }

    private static Version version(String name, int number) {
        var manifest = new Manifest(name, null, null, null, null, EngineKind.JS, "m.js", null, null, false);
        return new Version(new VersionRef(new TenantId("shop"), number), "00", 1, manifest, Instant.EPOCH, "test");
    }

    private Future<Void> change(TenantId id, Trust trust) {
        var was = node.registry.get(RegistryKey.tenant(id));
        if (was == null) {
            return Future.failedFuture("no tenant");
        }
        var now = was.value().withSettings(false, trust, Limits.Wish.NONE);
        return node.registry.commit(List.of(RegistryWrite.replace(RegistryKey.tenant(id), was, now)));
    }

    private void activate(Share... shares) {
        await(node.deployment.activate(shop, List.of(shares)));
    }

    @CanIgnoreReturnValue
    private Deployed deploy(String name) {
        return deploy(MemoryPackages.js(name));
    }

    @CanIgnoreReturnValue
    private Deployed deploy(byte[] bytes) {
        return await(node.deployment.deploy(shop, file(bytes), "test", Activation.ACTIVATE));
    }

    private Path file(byte[] bytes) {
        try {
            return Files.write(Files.createTempFile(directory, "p", ".zip"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Tenant tenant() {
        return new TenantRecords(node.registry).get(shop).value();
    }

    private VersionRef ref(int number) {
        return new VersionRef(shop, number);
    }

    private static void fails(ThrowingCallable action, Kind kind, String message) {
        assertThatThrownBy(action).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.message()).contains(message);
        });
    }
}
