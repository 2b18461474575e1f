package smcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} names a test for each rule; this one sees that they are there. */
class ProtocolTableTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Za-z]+Test)#([A-Za-z0-9]+)`");
    private static final Path TESTS = Path.of("src/test/java");

    @Test
    void everyTestThatTheTableNamesIsThere() throws IOException {
        var sources = new HashMap<String, String>();
        try (var files = Files.walk(TESTS)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        var missing = new ArrayList<String>();
        var named = NAMED.matcher(Files.readString(Path.of("../../docs/protocol.md")));
        var count = 0;
        while (named.find()) {
            count++;
            if (!sources.getOrDefault(named.group(1), "").contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThan(100);
    }
}
