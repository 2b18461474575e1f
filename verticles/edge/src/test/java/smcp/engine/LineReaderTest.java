package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static List<String> lines(InputStream in, int longest) throws IOException, LineReader.TooLong {
        var reader = new LineReader(in, longest);
        var lines = new ArrayList<String>();
        for (var line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line, StandardCharsets.UTF_8));
        }
        return lines;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLineEndsAtItsNewlineAndAnUnfinishedOneDoesNotCount() throws IOException, LineReader.TooLong {
        assertThat(lines(bytes("a\n\né\r\nrest"), 10)).containsExactly("a", "", "é\r");
        assertThat(lines(bytes(""), 10)).isEmpty();
    }

    @Test
    void theBoundIsExact() throws IOException, LineReader.TooLong {
        assertThat(lines(bytes("x".repeat(10) + "\n"), 10)).hasSize(1);
        assertThatThrownBy(() -> lines(bytes("x".repeat(11) + "\n"), 10)).isInstanceOf(LineReader.TooLong.class);
        assertThatThrownBy(() -> lines(bytes("x".repeat(1_000_000)), 200_000)).isInstanceOf(LineReader.TooLong.class);
    }

    @Test
    void linesOfAnyLengthArriveWholeHoweverTheyAreCutIntoReads() throws IOException, LineReader.TooLong {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 50; round++) {
            var expected = new ArrayList<String>();
            var text = new StringBuilder();
            for (var i = random.nextInt(20); i >= 0; i--) {
                var line = Character.toString('a' + random.nextInt(26)).repeat(1 << random.nextInt(19));
                expected.add(line);
                text.append(line).append('\n');
            }
            assertThat(lines(new Trickle(text.toString().getBytes(StandardCharsets.UTF_8), random), 1 << 19))
                    .as("seed " + seed)
                    .isEqualTo(expected);
        }
    }

    /** Gives what it has in pieces of random length. */
    private static final class Trickle extends ByteArrayInputStream {
        private final Random random;

        Trickle(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] target, int from, int length) {
            return super.read(target, from, Math.min(length, 1 + random.nextInt(1 << random.nextInt(17))));
        }
    }
}
