package smcp.store.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;

/**
 * What stands in a backup: a line {@code smcp-backup <format>}, then frames, all of it in gzip. A frame is a letter, the length of a head, the head as JSON, the length of a body, the body; lengths are four bytes, big-endian. Decision 12 says why.
 */
final class Format {
    /** Of this program; it reads no other. A newer one has other frames, or other heads with the same letters. */
    static final int VERSION = 1;

    static final String MAGIC = "smcp-backup ";

    static final char HEADER = 'H';
    static final char SECTION = 'S';
    static final char RECORD = 'R';
    /** A piece of the blob whose record came before; an empty one ends it. */
    static final char PIECE = 'P';

    static final char SECTION_END = 'E';
    /** Whoever wrote this could not go on. */
    static final char FAILED = 'F';

    static final char END = 'Z';

    static final int LONGEST_HEAD = 64 << 10;
    static final int LONGEST_BODY = ValueStore.LONGEST_STORED;

    /** Bytes of a blob in one frame, at most. */
    static final int PIECE_BYTES = 64 << 10;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private Format() {}

    /** @param program that wrote it */
    record Header(
            @JsonProperty("program") String program,
            @JsonProperty("begun") Instant begun) {}

    /**
     * @param number counts from 1
     * @param owner a tenant, or the space of blobs; null for the registry
     */
    record Opening(
            @JsonProperty("number") int number,
            @JsonProperty("kind") Section.Kind kind,
            @JsonProperty("owner") @Nullable String owner) {}

    /** Of a registry record; its JSON is the body. */
    record Path(
            @JsonProperty("path") String path,
            @JsonProperty("revision") long revision,
            @JsonProperty("deleted") boolean deleted) {}

    /** Of a value; its content is the body. */
    record Key(
            @JsonProperty("key") String key,
            @JsonProperty("version") long version,
            @JsonProperty("expires") @Nullable Instant expires) {}

    /** Of a session, whose record is the body, and of a mark, which has none. */
    record Life(
            @JsonProperty("id") String id,
            @JsonProperty("until") Instant until) {}

    /** Of a blob; its content comes in pieces. */
    record Name(
            @JsonProperty("name") String name,
            @JsonProperty("bytes") long bytes) {}

    /** @param sha256 of the section's frames, its opening included, hex */
    record Closing(
            @JsonProperty("records") long records,
            @JsonProperty("sha256") String sha256) {}

    /** @param sha256 of everything before this frame, hex */
    record End(
            @JsonProperty("sections") int sections,
            @JsonProperty("records") long records,
            @JsonProperty("sha256") String sha256) {}

    record Failed(@JsonProperty("why") String why) {}

    static byte[] write(Record head) {
        try {
            return JSON.writeValueAsBytes(head);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // records of text and numbers
        }
    }

    static <T extends Record> T read(byte[] json, Class<T> type) throws IOException {
        return JSON.readValue(json, type);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it (MessageDigest)
        }
    }
}
