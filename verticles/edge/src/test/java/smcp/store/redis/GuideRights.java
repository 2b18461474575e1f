package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import smcp.store.redis.RedisConfig.Login;
import smcp.testing.RealRedis.Server;

/** The rights of docs/guides/redis.md, and no other: what they do not allow is an error, and stands in the server's own log. */
final class GuideRights {
    private static final Path GUIDE = Path.of("../../docs/guides/redis.md");
    private static final Pattern RULE = Pattern.compile("`(\\+[^`]+)`");

    private GuideRights() {}

    private static String line(String beginning) throws IOException {
        return Files.readAllLines(GUIDE).stream()
                .filter(each -> each.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    /** Makes the guide's user on each server; answers how a node logs in as it. */
    static Login give(Path folder, List<Server> servers) throws IOException {
        var line = line("ACL SETUSER smcp ");
        for (var server : servers) {
            assertThat(server.cli(line.split(" "))).isEqualTo("OK");
        }
        var password = Arrays.stream(line.split(" "))
                .filter(word -> word.startsWith(">"))
                .findFirst()
                .orElseThrow()
                .substring(1);
        return new Login("smcp", Files.writeString(folder.resolve("password"), password + "\n"), null);
    }

    /** The same for a sentinel, whose rights are in a sentence. */
    static Login giveSentinel(Path folder, Server sentinel) throws IOException {
        var rules = RULE.matcher(line("The sentinels' login needs"))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(rules).isNotEmpty();
        var words = new ArrayList<>(List.of("ACL", "SETUSER", "watcher", "reset", "on", ">of-the-sentinel", "-@all"));
        words.addAll(rules);
        assertThat(sentinel.cli(words.toArray(String[]::new))).isEqualTo("OK");
        return new Login("watcher", Files.writeString(folder.resolve("sentinel"), "of-the-sentinel\n"), null);
    }

    /** With the guide's login, and that of the sentinels if there are any. */
    static RedisConfig with(RedisConfig was, Login login, Login ofSentinels) {
        return new RedisConfig(
                was.mode(),
                was.endpoints(),
                was.master(),
                login,
                was.mode() == RedisConfig.Mode.SENTINEL ? ofSentinels : null,
                was.tls(),
                was.prefix(),
                was.limits(),
                was.registry(),
                was.durability());
    }

    static void assertNothingWasRefused(List<Server> servers) {
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.cli("ACL", "LOG")).isEmpty());
    }
}
