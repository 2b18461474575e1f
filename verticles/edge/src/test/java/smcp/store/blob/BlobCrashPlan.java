package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore.BlobKey;
import smcp.store.BlobBackend;

/** What a writer of blobs that is to be killed does, as a function of numbers alone, and where; so that whoever looks at the store afterwards knows what may be there. */
record BlobCrashPlan(String kind, Path place, String endpoint) {
    static final List<String> KINDS = List.of("files", "s3");
    static final String SPACE = "tenant-crash";
    /** Names that are written over and over again, at the same time. */
    static final int LANES = 6;

    private static final int REMOVE_EVERY = 7;
    private static final int LONGEST = 3_000_000;
    /** More than a part, so that it is an upload of several. */
    private static final int SEVERAL_PARTS = (5 << 20) + 100_000;

    Future<BlobBackend> open(Vertx vertx) throws IOException {
        return kind.equals("files")
                ? Blobs.open(vertx, BlobConfig.DEFAULT, place)
                : Blobs.open(
                        vertx,
                        new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, S3Setup.config(endpoint, place)),
                        place);
    }

    static BlobKey lane(int lane) {
        return new BlobKey(SPACE, "lane/" + lane);
    }

    /** A name that is written once. */
    static BlobKey once(long number) {
        return new BlobKey(SPACE, "once/" + number);
    }

    /** What a lane's name holds after that operation; null if it has none then. It begins with the number, and the rest follows from it. */
    @Nullable
    Buffer ofLane(int lane, long operation) {
        if (operation % REMOVE_EVERY == 0) {
            return null;
        }
        var random = new Random(operation * LANES + lane);
        return Buffer.buffer((operation + "\n").getBytes(StandardCharsets.US_ASCII))
                .appendBytes(bytes(random, length(random)));
    }

    /** The number of the operation that wrote it. */
    static long operation(byte[] content) {
        var end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return Long.parseLong(new String(content, 0, end, StandardCharsets.US_ASCII));
    }

    Buffer ofOnce(long number) {
        var random = new Random(number);
        return Buffer.buffer(bytes(random, 1 + random.nextInt(random.nextInt(8) == 0 ? 200_000 : 3_000)));
    }

    private int length(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> kind.equals("s3") ? SEVERAL_PARTS : LONGEST;
            case 1, 2 -> random.nextInt(300_000);
            default -> random.nextInt(5_000);
        };
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
