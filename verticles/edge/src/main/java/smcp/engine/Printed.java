package smcp.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a process prints beside the link, as lines: bounded in length, and in number a second. For one thread. */
final class Printed {
    static final int LONGEST = 4096;
    static final int A_SECOND = 200;

    private final Consumer<String> heard;
    private final byte[] line = new byte[LONGEST];
    private int length;
    private boolean cut;
    private long second;
    private int inSecond;
    private long dropped;

    Printed(Consumer<String> heard) {
        this.heard = heard;
        second = now();
    }

    void readFrom(InputStream in) throws IOException {
        var chunk = new byte[16 << 10];
        for (var n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            for (var i = 0; i < n; i++) {
                add(chunk[i]);
            }
        }
        if (length > 0) {
            end();
        }
        sayDropped();
    }

    private void add(byte b) {
        if (b == '\n') {
            end();
        } else if (length < LONGEST) {
            line[length++] = b;
        } else {
            cut = true;
        }
    }

    private void end() {
        var now = now();
        if (now != second) {
            sayDropped();
            second = now;
            inSecond = 0;
        }
        if (++inSecond <= A_SECOND) {
            heard.accept(text());
        } else {
            dropped++;
        }
        length = 0;
        cut = false;
    }

    /** Without what moves a terminal's cursor: the line ends up in somebody's log. */
    private String text() {
        var text = new StringBuilder(new String(line, 0, length, StandardCharsets.UTF_8));
        for (var i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
                text.setCharAt(i, '\uFFFD');
            }
        }
        return cut ? text.append('…').toString() : text.toString();
    }

    private void sayDropped() {
        if (dropped > 0) {
            heard.accept("(" + dropped + " more lines dropped: more than " + A_SECOND + " a second)");
            dropped = 0;
        }
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }
}
