package smcp.testing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore;

/** Blobs in memory, read and written in pieces of a size that fits nothing. */
public final class MemoryBlobs implements BlobStore {
    private record Kept(Buffer content, String etag) {
        byte[] bytes() {
            return content.getBytes();
        }

        Blob blob(String name) {
            return new Blob(name, content.length(), etag, null, Instant.EPOCH);
        }
    }

    private final TreeMap<String, Kept> kept = new TreeMap<>();
    private final int piece;
    private int writes;

    public MemoryBlobs(int piece) {
        this.piece = piece;
    }

    private static String path(BlobKey key) {
        return key.space() + "\n" + key.name();
    }

    /** What stands there. */
    public synchronized byte[] raw(BlobKey key) {
        return Objects.requireNonNull(kept.get(path(key))).content().getBytes();
    }

    /** Puts something there behind everybody's back. */
    public synchronized void tamper(BlobKey key, byte[] bytes) {
        var was = kept.get(path(key));
        kept.put(path(key), new Kept(Buffer.buffer(bytes), was == null ? "t" + ++writes : was.etag()));
    }

    public synchronized List<byte[]> all() {
        return kept.values().stream().map(Kept::bytes).toList();
    }

    public synchronized int writes() {
        return writes;
    }

    /** A content that comes in pieces. */
    public ReadStream<Buffer> content(byte[] bytes) {
        return new Pieces(bytes, 0, bytes.length, piece);
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        var whole = Buffer.buffer();
        var done = Promise.<Blob>promise();
        content.exceptionHandler(done::tryFail);
        content.endHandler(_ -> {
            if (whole.length() > most) {
                done.tryFail(new Fault(Kind.QUOTA, "more than " + most));
                return;
            }
            try {
                done.tryComplete(keep(key, whole.getBytes(), condition));
            } catch (Fault e) {
                done.tryFail(e);
            }
        });
        content.handler(buffer -> {
            whole.appendBuffer(buffer);
            content.fetch(1);
        });
        content.fetch(1);
        return done.future();
    }

    private synchronized Blob keep(BlobKey key, byte[] bytes, Condition condition) {
        var was = kept.get(path(key));
        var holds = switch (condition) {
            case Condition.Always _ -> true;
            case Condition.Absent _ -> was == null;
            case Condition.Matches matches -> was != null && was.etag().equals(matches.etag());
        };
        if (!holds) {
            throw new Fault(Kind.CONFLICT, "the condition does not hold");
        }
        var now = new Kept(Buffer.buffer(bytes), "e" + ++writes);
        kept.put(path(key), now);
        return now.blob(key.name());
    }

    @Override
    public synchronized Future<Optional<Reading>> get(BlobKey key, Range range) {
        var found = kept.get(path(key));
        if (found == null) {
            return Future.succeededFuture(Optional.empty());
        }
        if (range.from() > 0 && range.from() >= found.content().length()) {
            return Future.failedFuture(new Fault(Kind.INVALID_INPUT, "range"));
        }
        var to = (int) Math.min(range.to(), found.content().length());
        return Future.succeededFuture(Optional.of(new Reading(
                found.blob(key.name()), range, new Pieces(found.bytes(), (int) range.from(), to, piece), () -> {})));
    }

    @Override
    public synchronized Future<Optional<Blob>> head(BlobKey key) {
        return Future.succeededFuture(Optional.ofNullable(kept.get(path(key))).map(found -> found.blob(key.name())));
    }

    @Override
    public synchronized Future<Boolean> delete(BlobKey key) {
        return Future.succeededFuture(kept.remove(path(key)) != null);
    }

    @Override
    public synchronized Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        var found = new ArrayList<Blob>();
        kept.forEach((path, one) -> {
            var name = path.substring(path.indexOf('\n') + 1);
            if (path.startsWith(space + "\n" + prefix) && (after == null || name.compareTo(after) > 0)) {
                found.add(one.blob(name));
            }
        });
        return Future.succeededFuture(
                found.size() <= most
                        ? new Page(found, null)
                        : new Page(found.subList(0, most), found.get(most - 1).name()));
    }

    @Override
    public synchronized Future<Void> drop(String space) {
        kept.keySet().removeIf(path -> path.startsWith(space + "\n"));
        return Future.succeededFuture();
    }

    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        return Optional.of(URI.create("https://example.com/" + key.name()));
    }

    /** A paused stream over an array that does exactly what it is asked. */
    public static final class Pieces implements ReadStream<Buffer> {
        private final ArrayDeque<Buffer> left = new ArrayDeque<>();
        private long demand;
        private boolean busy;
        private boolean over;
        private int given;
        private @Nullable Handler<Buffer> handler;
        private @Nullable Handler<Void> endHandler;

        public Pieces(byte[] bytes, int from, int to, int piece) {
            for (var at = from; at < to; at += piece) {
                left.add(Buffer.buffer().appendBytes(bytes, at, Math.min(piece, to - at)));
            }
        }

        public int given() {
            return given;
        }

        private void run() {
            if (busy) {
                return;
            }
            busy = true;
            while (demand > 0 && !left.isEmpty() && handler != null) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                given++;
                handler.handle(left.remove());
            }
            busy = false;
            if (demand > 0 && left.isEmpty() && !over && endHandler != null) {
                over = true;
                endHandler.handle(null);
            }
        }

        @Override
        public Pieces exceptionHandler(@Nullable Handler<Throwable> next) {
            return this;
        }

        @Override
        public Pieces handler(@Nullable Handler<Buffer> next) {
            handler = next;
            run();
            return this;
        }

        @Override
        public Pieces pause() {
            demand = 0;
            return this;
        }

        @Override
        public Pieces resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public Pieces fetch(long amount) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            run();
            return this;
        }

        @Override
        public Pieces endHandler(@Nullable Handler<Void> next) {
            endHandler = next;
            return this;
        }
    }
}
