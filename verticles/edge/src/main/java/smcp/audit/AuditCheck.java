package smcp.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/** Reads a whole log and says what is wrong with it: lines changed, missing, added or moved, files missing, an end cut off. Works beside a running node, whose newest lines it may not see. Blocking; of one thread. */
public final class AuditCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NOTED = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");
    private static final int MOST_FINDINGS = 100;
    private static final int LONGEST_LINE = 1 << 20;

    private final Path directory;
    private final AuditKey key;
    private final AuditFiles.@Nullable Head noted;
    private final List<String> findings = new ArrayList<>();
    private byte[] chain = AuditKey.beginning();
    private long seq;
    private long lines;
    private long lost;
    private long removedThrough;
    private long first;
    /** The newest line that the head knows, once it was met. */
    private boolean headMet;

    private boolean notedMet;

    /**
     * What a check found.
     *
     * @param lines read
     * @param first sequence number of the oldest line
     * @param last of the newest
     * @param head MAC of the newest line; noted elsewhere it proves later that the log still has this line
     * @param lost records that the log itself says could not be kept
     * @param findings what is wrong, one sentence each; empty if nothing is
     */
    public record Report(int files, long lines, long first, long last, String head, long lost, List<String> findings) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    private AuditCheck(Path directory, AuditKey key, AuditFiles.@Nullable Head noted) {
        this.directory = directory;
        this.key = key;
        this.noted = noted;
    }

    private static AuditFiles.@Nullable Head noted(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var parts = NOTED.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a noted line must be SEQ:MAC, a number and 64 hex digits");
        }
        return new AuditFiles.Head(Long.parseLong(parts.group(1)), parts.group(2));
    }

    /**
     * Checks the log in {@code directory}.
     *
     * @param noted {@code SEQ:MAC} of a line that the log had before and must still have; null if none was noted
     * @throws IOException if the log cannot be read, or is none
     * @throws IllegalArgumentException if {@code noted} is not of that form
     */
    public static Report run(Path directory, @Nullable String noted) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no directory " + directory);
        }
        if (!Files.exists(directory.resolve(AuditKey.FILE))) {
            throw new IOException(directory + " is no audit log: it has no " + AuditKey.FILE);
        }
        return new AuditCheck(directory, AuditKey.read(directory), noted(noted)).check();
    }

    private Report check() throws IOException {
        // read first: what a running node writes meanwhile is newer
        var head = AuditFolder.head(directory);
        var files = AuditFolder.files(directory);
        for (var i = 0; i < files.size(); i++) {
            file(files.get(i), i == 0, i == files.size() - 1, head);
        }
        if (head == null) {
            findings.add("the file " + AuditFolder.HEAD
                    + " is missing or unreadable: whether lines at the end are missing cannot be told");
        } else if (seq < head.seq()) {
            findings.add("lines " + (seq + 1) + " to " + head.seq() + " at the end are missing");
        } else if (!headMet && first <= head.seq()) {
            findings.add("line " + head.seq() + " is not the one that the file " + AuditFolder.HEAD + " names");
        }
        if (noted != null && !notedMet && noted.seq() > removedThrough) {
            findings.add("line " + noted.seq() + " is missing, or is not the one that was noted");
        }
        if (first > removedThrough + 1) {
            findings.add("lines " + (removedThrough + 1) + " to " + (first - 1)
                    + " at the beginning are missing, and the log does not say that they were removed");
        }
        return new Report(files.size(), lines, first, seq, HexFormat.of().formatHex(chain), lost, findings);
    }

    private void file(Path file, boolean oldest, boolean newest, AuditFiles.@Nullable Head head) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            var number = 0L;
            for (var line = next(in); line != null; line = next(in)) {
                number++;
                var where = AuditFolder.name(file) + ":" + number;
                if (line.broken()) {
                    if (!newest || !line.last()) {
                        finding(where + ": no line of an audit log");
                    }
                    // half a line at the very end is what a killed node leaves, or a running one has not finished
                    continue;
                }
                line(where, line.text().bytes(), oldest && number == 1, head);
            }
        }
    }

    /** @param last nothing stands behind it */
    private record Line(Json text, boolean broken, boolean last) {}

    private static @Nullable Line next(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                return bytes.size() == 0 ? null : new Line(whole(bytes), true, true);
            }
            if (bytes.size() <= LONGEST_LINE) {
                bytes.write(b);
            }
        }
        return new Line(whole(bytes), bytes.size() > LONGEST_LINE, false);
    }

    private static Json whole(ByteArrayOutputStream bytes) {
        return Json.slice(bytes.toByteArray(), 0, bytes.size());
    }

    private void line(String where, byte[] bytes, boolean first, AuditFiles.@Nullable Head head) {
        lines++;
        var found = AuditLine.parse(bytes);
        var json = found == null ? null : read(bytes);
        if (found == null || json == null) {
            finding(where + ": no line of an audit log");
            return;
        }
        var got = json.path("seq").longValue();
        if (first) {
            begin(where, json, got);
        } else if (got != seq + 1) {
            finding(where + ": line " + (seq + 1) + " should stand here, but it is " + got
                    + (got > seq + 1 ? ": " + (got - seq - 1) + " missing" : ": moved, or there twice"));
        }
        if (!AuditKey.same(key.of(chain, found.body()), found.mac())) {
            finding(where + ": line " + got + " was changed, or does not follow the line before it");
        }
        // the chain goes on from what stands here, so that one change is one finding
        chain = HexFormat.of().parseHex(found.mac());
        seq = got;
        notedMet |= noted != null && got == noted.seq() && found.mac().equals(noted.mac());
        headMet |= head != null && got == head.seq() && AuditKey.same(head.chain(), found.mac());
        lost += json.path("kind").asText().equals("lost") ? json.path("records").longValue() : 0;
        if (json.path("kind").asText().equals("removed")) {
            removedThrough = Math.max(removedThrough, json.path("through").longValue());
        }
    }

    /** The oldest line that is left says itself what stood before it, under its own MAC. */
    private void begin(String where, JsonNode json, long got) {
        this.first = got;
        var previous = json.path("previous").asText();
        if (!json.path("kind").asText().equals("file") || !previous.matches("[0-9a-f]{64}")) {
            finding(where + ": the oldest file does not begin with its own first line");
            return;
        }
        if (!json.path("log").asText().equals(key.log())) {
            finding(where + ": belongs to the log " + json.path("log").asText() + ", and the key to " + key.log());
        }
        if (got > 1) {
            chain = HexFormat.of().parseHex(previous);
        }
    }

    private static @Nullable JsonNode read(byte[] line) {
        try {
            var json = JSON.readTree(line);
            return json.path("seq").isIntegralNumber() ? json : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void finding(String sentence) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(sentence);
        } else if (findings.size() == MOST_FINDINGS) {
            findings.add("and more");
        }
    }
}
