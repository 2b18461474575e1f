package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildNode;
import smcp.testing.RealRedis;

/** A node that cannot start over its Redis: its process ends, and says why. */
class RedisStartTest {
    private static RealRedis.Server redis;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.standalone("appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    /** A start that fails, and what is to be read of it. */
    private record Failing(String name, Process process, int exit, List<String> said) {}

    private Failing failing(String name, String classPath, String settings, int exit, String... said)
            throws IOException {
        var config = Files.writeString(folder.resolve(name + ".yaml"), "store: {kind: redis, redis: " + settings + "}");
        var process = ChildNode.begin(classPath, folder.resolve(name), "--config", config.toString());
        return new Failing(name, process, exit, List.of(said));
    }

    @Test
    void theProcessEndsAndSaysWhy() throws Exception {
        var everything = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var withoutClient = Arrays.stream(everything.split(File.pathSeparator))
                .filter(each -> !each.contains("vertx-redis-client"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(withoutClient).hasSizeLessThan(everything.length());
        var nobody = "endpoints: [\"127.0.0.1:1\"]";
        var there = "endpoints: [\"" + redis.address() + "\"]";
        var noFile = folder.resolve("none").toString();
        var all = List.of(
                failing("gone", everything, "{" + nobody + "}", 1, "no connection", "127.0.0.1:1", "refused"),
                failing("forgetful", everything, "{" + there + "}", 1, "appendonly is no", redis.address()),
                failing(
                        "nobody",
                        everything,
                        "{" + there + ", login: {passwordFile: \"" + noFile + "\"}}",
                        1,
                        "the password cannot be read",
                        noFile),
                failing("mode", everything, "{" + there + ", mode: ring}", 2, "store.redis.mode", "standalone", "ring"),
                // what a start throws need not be an exception: here a class is missing
                failing("error", withoutClient, "{" + there + "}", 1, "NoClassDefFoundError"));
        for (var each : all) {
            assertThat(each.process().waitFor(60, TimeUnit.SECONDS))
                    .as(each.name())
                    .isTrue();
            assertThat(each.process().exitValue()).as(each.name()).isEqualTo(each.exit());
            var told = Files.readString(folder.resolve(each.name() + ".log"));
            var sentence =
                    told.lines().filter(line -> line.startsWith("smcp: ")).toList();
            assertThat(sentence).as(each.name() + ": " + told).hasSize(1);
            assertThat(sentence.getFirst()).as(each.name()).contains(each.said());
        }
    }
}
