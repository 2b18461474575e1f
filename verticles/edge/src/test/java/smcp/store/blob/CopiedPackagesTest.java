package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;
import static smcp.store.blob.BlobStoreContract.bytes;
import static smcp.store.blob.Sites.key;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.store.blob.Sites.Site;
import smcp.store.blob.Sites.Way;
import smcp.tenant.TenantId;

class CopiedPackagesTest {
    private static final Duration WITHIN = Duration.ofMillis(250);
    private static final byte[] CONTENT = bytes(300_000);

    @TempDir
    Path folder;

    private Sites sites;
    private Site a;
    private Site b;
    private Site c;

    @BeforeEach
    void threeNodes() {
        sites = new Sites(folder, WITHIN);
        a = sites.begun();
        b = sites.begun();
        c = sites.begun();
    }

    @AfterEach
    void close() {
        sites.close();
    }

    @Test
    void aPackageIsOnEveryDiskWhenItIsStored() {
        a.put(key(1), CONTENT);

        assertThat(a.onDisk(key(1))).isEqualTo(CONTENT);
        assertThat(b.onDisk(key(1))).isEqualTo(CONTENT);
        assertThat(c.onDisk(key(1))).isEqualTo(CONTENT);
        assertThat(a.asked).hasValue(2);
    }

    @Test
    void anotherContentOfTheSameNameTakesThePlaceOfTheFirstEverywhere() {
        a.put(key(1), CONTENT);
        var sealedAnew = bytes(300_001);
        b.put(key(1), sealedAnew);

        assertThat(a.onDisk(key(1))).isEqualTo(sealedAnew);
        assertThat(c.onDisk(key(1))).isEqualTo(sealedAnew);
    }

    @Test
    void aNodeThatDiesInTheMiddleOfTheCopyingDoesNotFailTheWrite() {
        c.way = Way.HELD;
        var putting = a.putting(key(1), CONTENT);
        await().until(() -> c.isHeld() && b.has(key(1)));
        assertThat(putting.isComplete()).isFalse();

        c.members.die();

        get(putting);
        assertThat(c.has(key(1))).isFalse();
    }

    @Test
    void copyingMayTakeLongerThanTheClusterWaitsForAnAnswer() {
        c.way = Way.SLOW;
        var large = bytes(2 << 20);
        var began = System.nanoTime();
        a.put(key(1), large);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(WITHIN.multipliedBy(2));
        assertThat(c.onDisk(key(1))).isEqualTo(large);
        assertThat(a.asked).as("once for each node").hasValue(2);
    }

    @Test
    void aNodeThatIsThereAndTakesNothingFailsTheWrite() {
        c.way = Way.HELD;
        assertFault(a.putting(key(1), CONTENT), Kind.STORE_UNAVAILABLE).hasMessageContaining("node3");
        c.released();
    }

    /** As one whose disk fails again and again: it reads, and keeps nothing. */
    @Test
    void aNodeThatReadsAgainAndAgainAndKeepsNothingFailsTheWrite() {
        c.way = Way.CUT;
        assertFault(a.putting(key(1), CONTENT), Kind.STORE_UNAVAILABLE).hasMessageContaining("node3");
        assertThat(c.has(key(1))).isFalse();
    }

    @Test
    void aCopyThatIsNotWhatWasAnnouncedIsNotKept() {
        c.way = Way.WRONG;
        assertFault(a.putting(key(1), CONTENT), Kind.STORE_UNAVAILABLE);
        assertThat(c.has(key(1))).isFalse();
    }

    @Test
    void aNodeThatCameLaterFetchesAPackageOnceForAllWhoWantIt() {
        a.put(key(1), CONTENT);
        var d = sites.begun();
        var askedBefore = a.asked.get() + b.asked.get() + c.asked.get();
        d.way = Way.HELD;
        var all = IntStream.range(0, 20).mapToObj(_ -> d.reading(key(1))).toList();
        await().until(d::isHeld);
        d.released();
        all.forEach(one -> assertThat(get(one)).isEqualTo(CONTENT));

        assertThat(a.asked.get() + b.asked.get() + c.asked.get() - askedBefore).isEqualTo(1);
        assertThat(d.onDisk(key(1))).isEqualTo(CONTENT);
        assertThat(get(d.packages.head(key(1)))).isPresent();
    }

    @Test
    void manyWhoWantWhatCannotBeHadWaitForOneSearch() {
        a.unreachable = true;
        var all = IntStream.range(0, 20).mapToObj(_ -> b.reading(key(1))).toList();
        all.forEach(one -> assertFault(one, Kind.STORE_UNAVAILABLE).hasMessageContaining("node1 is away"));
        assertThat(c.asked).hasValueLessThan(10);
    }

    @Test
    void whoIsAwayHasNoneOrSendsNonsenseIsPassedOver() throws IOException {
        a.put(key(1), CONTENT);
        // the first copy is damaged, the second gone
        damage(a);
        get(b.files.blobs().delete(key(1)));
        var d = sites.begun();
        assertThat(get(d.reading(key(1)))).isEqualTo(CONTENT);

        c.unreachable = true;
        var e = sites.begun();
        get(d.files.blobs().delete(key(1)));
        assertFault(e.reading(key(1)), Kind.STORE_UNAVAILABLE).hasMessageContaining("is on no node that answers");
        var sealedAnew = bytes(200_000);
        d.put(key(1), sealedAnew);
        assertThat(e.onDisk(key(1))).isEqualTo(sealedAnew);
        assertThat(a.onDisk(key(1))).as("mended").isEqualTo(sealedAnew);
    }

    private static void damage(Site site) throws IOException {
        try (var files = Files.walk(site.disk)) {
            var file = files.filter(one -> one.getFileName().toString().matches("[0-9a-f]{64}"))
                    .findFirst()
                    .orElseThrow();
            var content = Files.readAllBytes(file);
            content[content.length - 10] ^= 1;
            Files.write(file, content);
        }
    }

    @Test
    void whatNoNodeHasIsNotThere() {
        assertThat(get(a.packages.get(key(9), Range.ALL))).isEmpty();
        assertThat(get(a.packages.head(key(9)))).isEmpty();
    }

    @Test
    void aLinkThatComesBackInAMomentIsWaitedFor() {
        a.put(key(1), CONTENT);
        var d = sites.begun();
        a.unreachable = true;
        b.unreachable = true;
        c.unreachable = true;
        var reading = d.reading(key(1));
        await().until(() -> c.asked.get() > 0);
        c.unreachable = false;
        assertThat(get(reading)).isEqualTo(CONTENT);
    }

    @Test
    void aPackageThatIsForgottenGoesFromEveryDisk() {
        a.put(key(1), CONTENT);
        assertThat(get(a.packages.delete(key(1)))).isTrue();
        assertThat(a.has(key(1))).isFalse();
        await().until(() -> !b.has(key(1)) && !c.has(key(1)));
        assertThat(get(a.packages.delete(key(1)))).isFalse();
    }

    @Test
    void aPackageThatAVersionNamesStaysWhateverIsHeard() {
        a.put(key(1), CONTENT);
        a.put(key(2), CONTENT);
        sites.name(1, key(1));
        get(a.packages.delete(key(1)));
        get(a.packages.delete(key(2)));
        await().until(() -> !b.has(key(2)) && !c.has(key(2)));
        assertThat(b.has(key(1))).isTrue();
        assertThat(c.has(key(1))).isTrue();
        // and is here again soon, too
        await().until(() -> a.has(key(1)));
    }

    /** The same bytes are deployed on two nodes, and one deploy fails. */
    @Test
    void aPackageThatAnotherNodeMayBeDeployingStaysUntilThatOneForgetsIt() {
        a.put(key(1), CONTENT);
        b.put(key(1), CONTENT);
        a.put(key(2), CONTENT);

        get(a.packages.delete(key(1)));
        get(a.packages.delete(key(2)));
        await().until(() -> !b.has(key(2)) && !c.has(key(2)));
        assertThat(a.has(key(1)) && b.has(key(1)) && c.has(key(1))).isTrue();

        get(b.packages.delete(key(1)));
        await().until(() -> !a.has(key(1)) && !b.has(key(1)) && !c.has(key(1)));
    }

    @Test
    void whatVersionsNameAndIsNotHereIsFetchedSoon() {
        write(a, CONTENT);
        assertThat(b.has(key(1))).isFalse();
        sites.name(1, key(1));
        await().until(() -> b.has(key(1)) && c.has(key(1)));
        var d = sites.begun();
        await().until(() -> d.has(key(1)));
    }

    @Test
    void whatIsMissingEverywhereIsFetchedWhenANodeComesThatHasIt() {
        sites.name(1, key(1));
        get(a.packages.look());
        assertThat(a.has(key(1))).isFalse();
        var d = sites.starting();
        d.put(key(1), CONTENT);
        d.put(key(2), CONTENT);
        assertThat(a.has(key(1)))
                .as("it does not reach the others before it has begun")
                .isFalse();
        get(d.packages.begin(d, d.packages));
        await().until(() -> a.has(key(1)) && b.has(key(1)) && c.has(key(1)));
        await("told later").until(() -> a.has(key(2)) && b.has(key(2)) && c.has(key(2)));
    }

    /** A data key was replaced while it was away: its copy does not open any more, although nobody uses it. */
    @Test
    void aCopyThatDoesNotOpenIsNoticedWhenANodeStartsAndWhenNodesFindEachOther() {
        a.put(key(1), CONTENT);
        sites.name(1, key(1));
        var stale = bytes(1_000);
        var d = sites.starting();
        write(d, stale);
        get(d.packages.begin(d, d.sealing(CONTENT)));
        await().until(() -> Arrays.equals(d.onDisk(key(1)), CONTENT));
        write(d, stale);
        get(d.packages.look());
        assertThat(d.onDisk(key(1))).as("once looked at, not again").isEqualTo(stale);
        var _ = sites.begun();
        await().until(() -> Arrays.equals(d.onDisk(key(1)), CONTENT));
    }

    /** On this node's disk alone. */
    private void write(Site site, byte[] content) {
        get(site.files.blobs().put(key(1), ByteStream.of(sites.vertx, content), Condition.ALWAYS, Long.MAX_VALUE));
    }

    @Test
    void whatNoVersionNamesIsRemovedWhenNobodyCanBeDeployingItAnyMore() {
        a.put(key(1), CONTENT);
        a.put(key(2), CONTENT);
        sites.name(1, key(1));
        get(b.packages.look());
        assertThat(b.has(key(2))).isTrue();
        sites.clock.forward(Claims.LIFE.plusSeconds(1));
        get(b.packages.look());
        await().until(() -> !b.has(key(2)));
        assertThat(b.has(key(1))).isTrue();
        assertThat(c.has(key(2))).as("each looks for itself").isTrue();
    }

    @Test
    void aNodeWhoseRegistryIsEmptyOrThatHasJustStartedRemovesNothing() {
        a.put(key(1), CONTENT);
        for (var i = 0; i < 2; i++) {
            sites.clock.forward(Claims.LIFE.plusSeconds(1));
            get(b.packages.look());
        }
        assertThat(b.has(key(1))).as("no version at all").isTrue();
        sites.name(1, key(2));
        var d = sites.starting();
        d.put(key(3), CONTENT);
        sites.clock.forward(Claims.LIFE.plusSeconds(1));
        get(d.packages.begin(d, d.packages));
        get(d.packages.look());
        assertThat(d.has(key(3))).as("old, but not seen unused for long").isTrue();
    }

    @Test
    void aPackageThatIsStoredAgainIsAsYoungAsIfItWereNew() {
        a.put(key(1), CONTENT);
        sites.clock.forward(Claims.LIFE.plusSeconds(1));
        a.put(key(1), CONTENT);
        assertThat(get(b.files.blobs().head(key(1))).orElseThrow().modified()).isEqualTo(sites.clock.instant());
        get(b.packages.look());
        assertThat(b.has(key(1))).isTrue();
    }

    @Test
    void aCopyThatDoesNotOpenIsReplacedByAnothersUntilOneDoes() {
        var stale = bytes(1_000);
        a.put(key(1), CONTENT);
        for (var site : new Site[] {b, c}) {
            write(site, stale);
        }
        var opened = c.packages.until(key(1).name(), () -> opens(c));
        assertThat(get(opened)).isEqualTo(CONTENT);
        assertThat(c.onDisk(key(1))).isEqualTo(CONTENT);

        a.unreachable = true;
        write(c, stale);
        assertFault(c.packages.until(key(1).name(), () -> opens(c)), Kind.SEALED);
        assertThat(c.has(key(1))).isTrue();
    }

    private static Future<byte[]> opens(Site site) {
        return site.reading(key(1))
                .compose(found -> found.length == CONTENT.length
                        ? Future.succeededFuture(found)
                        : Future.failedFuture(new Fault(Kind.SEALED, "its key is gone")));
    }

    @Test
    void whatElseFailsIsNoReasonToReplaceACopy() {
        a.put(key(1), CONTENT);
        var asked = a.asked.get();
        assertFault(
                b.packages.until(
                        key(1).name(), () -> Future.failedFuture(new Fault(Kind.STORE_UNAVAILABLE, "disk full"))),
                Kind.STORE_UNAVAILABLE);
        assertThat(a.asked).hasValue(asked);
    }

    @Test
    void blobsOfTenantsStayWhereTheyAre() {
        var blob = BlobKey.of(new TenantId("acme"), "x");
        a.put(blob, CONTENT);
        assertThat(b.has(blob)).isFalse();
        assertThat(get(b.reading(blob))).isEmpty();
        assertThat(a.asked).hasValue(0);
        get(a.packages.delete(blob));
        assertThat(a.has(blob)).isFalse();
    }

    @Test
    void aNodeThatIsAloneNeedsNobody() {
        b.members.die();
        c.members.die();
        a.put(key(1), CONTENT);
        assertThat(get(a.reading(key(1)))).isEqualTo(CONTENT);
        assertThat(get(a.reading(key(2)))).isEmpty();
    }
}
