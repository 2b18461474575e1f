package smcp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.audit.AuditConfig.WhenFull;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Account.Outcome;
import smcp.contract.AuditTrail.Action;
import smcp.contract.Call;
import smcp.contract.ClientFacts;
import smcp.contract.Usage;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.ClientId;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

class AuditLogTest {
    private static final TenantId SHOP = new TenantId("shop");

    @TempDir
    Path data = Path.of("");

    private AuditConfig config(long fileBytes, int files) {
        return new AuditConfig(data.resolve("audit"), WhenFull.REFUSE, Duration.ofMillis(50), fileBytes, files, 65_536);
    }

    private AuditLog open(AuditConfig config) throws IOException {
        return AuditLog.open(config, InstantSource.system(), ref -> ref.number() == 2, new SimpleMeterRegistry());
    }

    private static void done(Future<?> future) {
        try {
            var _ = future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Call call(int version, String name, String arguments) {
        var text = Json.of(arguments);
        return new Call(
                new VersionRef(SHOP, version),
                new Principal.OfClient(new ClientId("bot")),
                Permissions.ALL,
                new ClientFacts(Revision.V2026_07_28, Json.EMPTY_OBJECT, null, null),
                Method.TOOLS_CALL,
                name,
                Json.of("{\"name\":\"add\",\"arguments\":" + arguments + "}"),
                text,
                List.of(),
                null,
                null,
                null,
                null,
                0,
                new Usage());
    }

    /** A log with {@code calls} calls and a few admin actions. */
    private void fill(AuditConfig config, int calls) throws IOException {
        var log = open(config);
        for (var i = 0; i < calls; i++) {
            log.ended(call(1, "add", "{}"), Outcome.COMPLETE, null, 1_500_000);
            if (i % 10 == 0) {
                done(log.admin(new Action("operator:1", "PUT /admin/v1/tenants/shop", "done", "r" + i)));
            }
        }
        done(log.close());
    }

    private List<Path> files() throws IOException {
        return AuditFolder.files(data.resolve("audit"));
    }

    private List<String> lines() throws IOException {
        var all = new ArrayList<String>();
        for (var file : files()) {
            all.addAll(Files.readAllLines(file));
        }
        return all;
    }

    private AuditCheck.Report check() throws IOException {
        return AuditCheck.run(data.resolve("audit"), null);
    }

    @Test
    void callsAndActionsBecomeLinesThatTellWhoDidWhat() throws IOException {
        var log = open(config(1 << 20, 10));
        log.ended(call(1, "add \"x\"\n", "{}"), Outcome.COMPLETE, null, 1_500_000);
        log.ended(call(2, "add", "{\n\"secret\" : \"a\\nb\"}"), Outcome.BROKEN, new Fault(Kind.TIMEOUT, "t"), 7);
        log.ended(call(2, "add", "{\"big\":\"" + "x".repeat(20_000) + "\"}"), Outcome.TOOL_ERROR, null, 7);
        log.refused(SHOP, new Principal.Anonymous(), "tools/call", "drop", new Fault(Kind.FORBIDDEN, "no"));
        done(log.admin(new Action("operator:1", "DELETE /admin/v1/tenants/shop", "CONFLICT", "r1")));
        done(log.close());

        var lines = lines();
        assertThat(lines.get(1))
                .contains("\"seq\":2,", "\"kind\":\"call\"", "\"principal\":\"client:bot\"", "\"tenant\":\"shop\"")
                .contains("\"version\":1", "\"name\":\"add \\\"x\\\"\\n\"", "\"outcome\":\"complete\"")
                .contains("\"micros\":1500", "\"bytesIn\":", "\"bytesOut\":0")
                .doesNotContain("arguments");
        assertThat(lines.get(2)).contains("\"fault\":\"TIMEOUT\"", "\"arguments\":{ \"secret\" : \"a\\nb\"}");
        assertThat(lines.get(3)).contains("\"argumentsBytes\":20010").hasSizeLessThan(600);
        assertThat(lines.get(4)).contains("\"kind\":\"refused\"", "\"principal\":\"anonymous\"", "FORBIDDEN");
        assertThat(lines.get(5)).contains("\"kind\":\"admin\"", "DELETE /admin/v1/tenants/shop", "CONFLICT");
        assertThat(check().findings()).isEmpty();
        assertThat(check().lines()).isEqualTo(6);
    }

    @Test
    void onlyTheOwnerCanReadLogAndKey() throws IOException {
        fill(config(1 << 20, 10), 1);

        var directory = data.resolve("audit");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(AuditKey.FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void everyChangedByteIsFound() throws IOException {
        fill(config(1 << 20, 10), 20);
        var file = files().getFirst();
        var good = Files.readAllBytes(file);
        var random = new Random(1);
        for (var i = 0; i < 300; i++) {
            var bad = good.clone();
            var at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertThat(check().findings()).as("bit of byte %d", at).isNotEmpty();
        }
        Files.write(file, good);
        assertThat(check().findings()).isEmpty();
    }

    @Test
    void everyLineThatIsLeftOutDoubledOrMovedIsFound() throws IOException {
        fill(config(1 << 20, 10), 12);
        var file = files().getFirst();
        var good = Files.readAllLines(file);
        for (var i = 0; i < good.size(); i++) {
            var without = new ArrayList<>(good);
            without.remove(i);
            Files.write(file, without);
            assertThat(check().findings()).as("without line %d", i).isNotEmpty();

            var twice = new ArrayList<>(good);
            twice.add(i, good.get(i));
            Files.write(file, twice);
            assertThat(check().findings()).as("line %d twice", i).isNotEmpty();

            var moved = new ArrayList<>(good);
            Collections.swap(moved, i, (i + 1) % good.size());
            Files.write(file, moved);
            assertThat(check().findings()).as("line %d moved", i).isNotEmpty();
        }
    }

    @Test
    void filesThatAreMissingAreFoundAndARotatedLogIsWhole() throws IOException {
        fill(config(4_096, 50), 200);
        var all = files();
        assertThat(all.size()).isGreaterThan(5);
        assertThat(check().findings()).isEmpty();

        for (var file : all) {
            var bytes = Files.readAllBytes(file);
            Files.delete(file);
            assertThat(check().findings()).as("without %s", file).isNotEmpty();
            Files.write(file, bytes);
        }
        Files.delete(data.resolve("audit").resolve(AuditFolder.HEAD));
        assertThat(check().findings()).singleElement().asString().contains("head is missing");
        Files.writeString(data.resolve("audit").resolve(AuditFolder.HEAD), "rubbish");
        assertThat(check().findings()).singleElement().asString().contains("head is missing");
    }

    @Test
    void aDamagedLineHidesNoOther() throws IOException {
        fill(config(1 << 20, 10), 20);
        var file = files().getFirst();
        var lines = Files.readAllLines(file);
        var before = AuditReader.read(data.resolve("audit"), new AuditReader.Wanted(null, "call", 1_000));
        var damaged = new ByteArrayOutputStream();
        for (var i = 0; i < lines.size(); i++) {
            if (i == 3) {
                damaged.write(new byte[] {'{', (byte) 0xff, '}'});
            } else {
                damaged.write(lines.get(i).getBytes(StandardCharsets.UTF_8));
            }
            damaged.write('\n');
        }
        Files.write(file, damaged.toByteArray());
        var after = AuditReader.read(data.resolve("audit"), new AuditReader.Wanted(null, "call", 1_000));
        assertThat(after).hasSizeBetween(before.size(), before.size() + 1).anyMatch(line -> line.contains("\ufffd"));
        assertThat(after)
                .containsAll(before.stream()
                        .filter(line -> !line.equals(lines.get(3)))
                        .toList());
    }

    @Test
    void theOldestFilesGoAndTheLogSaysSo() throws IOException {
        fill(config(4_096, 3), 200);

        var report = check();
        assertThat(files()).hasSize(3);
        assertThat(report.findings()).isEmpty();
        assertThat(report.first()).isGreaterThan(1);
        assertThat(lines().stream().filter(line -> line.contains("\"kind\":\"removed\"")))
                .isNotEmpty();

        Files.delete(files().getFirst());
        assertThat(check().findings()).anyMatch(finding -> finding.contains("at the beginning are missing"));
    }

    @Test
    void anEarlierStateOfTheWholeDirectoryIsFoundByWhoNotedANewerLine() throws IOException {
        fill(config(1 << 20, 10), 5);
        var directory = data.resolve("audit");
        var oldLog = Files.readAllBytes(files().getFirst());
        var oldHead = Files.readAllBytes(directory.resolve(AuditFolder.HEAD));
        fill(config(1 << 20, 10), 5);
        var newer = check();
        var noted = newer.last() + ":" + newer.head();
        assertThat(AuditCheck.run(directory, noted).findings()).isEmpty();

        Files.write(files().getFirst(), oldLog);
        Files.write(directory.resolve(AuditFolder.HEAD), oldHead);

        assertThat(check().findings()).isEmpty();
        assertThat(AuditCheck.run(directory, noted).findings())
                .singleElement()
                .asString()
                .contains("is missing, or is not the one that was noted");
        assertThatThrownBy(() -> AuditCheck.run(directory, "7")).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a killed process leaves behind. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 170})
    void halfALineAtTheEndIsCutAndTheChainGoesOn(int torn) throws IOException {
        fill(config(1 << 20, 10), 5);
        var file = files().getFirst();
        var line = Files.readAllLines(file).getLast().getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(line, torn), StandardOpenOption.APPEND);
        assertThat(check().findings()).isEmpty();

        fill(config(1 << 20, 10), 5);

        assertThat(check().findings()).isEmpty();
        assertThat(lines()).hasSize(1 + 2 * 6);
    }

    @Test
    void aDamagedEndStopsNoNodeAndIsFound() throws IOException {
        fill(config(1 << 20, 10), 5);
        Files.writeString(files().getFirst(), "rubbish\n", StandardOpenOption.APPEND);

        fill(config(1 << 20, 10), 5);

        assertThat(files()).hasSize(2);
        assertThat(check().findings()).singleElement().asString().contains(":8: no line of an audit log");
    }

    @Test
    void aLogWhoseKeyIsGoneIsNotContinued() throws IOException {
        fill(config(1 << 20, 10), 5);
        Files.delete(data.resolve("audit").resolve(AuditKey.FILE));

        assertThatThrownBy(() -> open(config(1 << 20, 10)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("put the key back");
    }

    @Test
    void manyThreadsAtOnceLoseNothing() throws Exception {
        var log = open(config(1 << 20, 100));
        var threads = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                    for (var i = 0; i < 1_000; i++) {
                        log.ended(call(1, "add", "{}"), Outcome.COMPLETE, null, 1);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        done(log.close());

        assertThat(check().findings()).isEmpty();
        assertThat(lines().stream().filter(line -> line.contains("\"kind\":\"call\"")))
                .hasSize(8_000);
    }

    @Test
    void whatDoesNotFitIsCountedAndSaid() throws IOException {
        var config = new AuditConfig(data.resolve("audit"), WhenFull.SERVE, Duration.ofSeconds(1), 1 << 20, 10, 16);
        var queue = new AuditQueue(config.queue());
        var entry = new AuditEntry.Lost(1, 1);
        for (var i = 0; i < 20; i++) {
            assertThat(queue.offer(entry)).isEqualTo(i < 16);
        }
        try (var files = AuditFiles.open(config, InstantSource.system())) {
            var writer = new AuditWriter(config, InstantSource.system(), files, queue, _ -> {});
            writer.start();
            done(writer.close().future());
        }

        assertThat(lines().get(1)).contains("\"kind\":\"lost\",\"records\":4");
        assertThat(check().lost()).isEqualTo(4 + 16);
    }
}
