package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;

/** The kept packages of a data directory as the blobs that backups take them for. Other spaces are empty here. */
final class PackageFiles implements BlobStore {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Vertx vertx;
    private final Path kept;

    private PackageFiles(Vertx vertx, Path root) {
        this.vertx = vertx;
        this.kept = root.resolve("packages");
    }

    /** @param root the data directory */
    static PackageFiles in(Vertx vertx, Path root) {
        return new PackageFiles(vertx, root);
    }

    static Place<BlobStore> place(Vertx vertx, Path root) {
        return new Place<>() {
            private List<Path> full() throws IOException {
                var full = new ArrayList<Path>();
                for (var name : List.of("packages", "unpacked")) {
                    var directory = root.resolve(name);
                    if (Files.isDirectory(directory) && !empty(directory)) {
                        full.add(directory);
                    }
                }
                return full;
            }

            @Override
            public @Nullable String occupied() throws IOException {
                var full = full();
                return full.isEmpty() ? null : names(full) + " in " + root;
            }

            @Override
            public String clear(@Nullable Path aside) throws IOException {
                var full = full();
                for (var directory : full) {
                    Aside.take(directory, aside);
                }
                return Aside.told(names(full), aside);
            }

            @Override
            public Opened<BlobStore> open() throws IOException {
                DataDir.privateDirectory(root.resolve("packages"));
                return new Opened<>(in(vertx, root), Future::succeededFuture);
            }

            @Override
            public void finished() {
                // the data directory has the mark
            }
        };
    }

    private static String names(List<Path> directories) {
        return String.join(
                ", ", directories.stream().map(path -> path.getFileName() + "/").toList());
    }

    private static boolean empty(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private static boolean isPackage(BlobKey key) {
        return key.space().equals(BlobKey.PACKAGES) && HASH.matcher(key.name()).matches();
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        if (!isPackage(key)) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    "this node keeps packages and no other blobs: it has no place for " + Text.shown(key.name())
                            + " of " + key.space()));
        }
        var temporary = kept.resolve(".tmp-" + UUID.randomUUID());
        var options = new OpenOptions().setCreateNew(true).setRead(false).setPerms("rw-------");
        return vertx.fileSystem()
                .open(temporary.toString(), options)
                .compose(file -> content.pipeTo(file).map(file))
                .compose(_ -> work(() -> settle(key.name(), temporary)))
                .onFailure(_ -> vertx.fileSystem().delete(temporary.toString()));
    }

    private Blob settle(String hash, Path temporary) throws IOException {
        var found = FilePackages.hash(temporary);
        if (!found.equals(hash)) {
            throw new Fault(Fault.Kind.INVALID_INPUT, "package " + hash + " has the hash " + found);
        }
        FilePackages.settle(temporary, kept.resolve(hash));
        return blob(hash).orElseThrow();
    }

    private Optional<Blob> blob(String hash) throws IOException {
        var file = kept.resolve(hash);
        return Files.isRegularFile(file)
                ? Optional.of(new Blob(
                        hash,
                        Files.size(file),
                        hash,
                        hash,
                        Files.getLastModifiedTime(file).toInstant()))
                : Optional.empty();
    }

    @Override
    public Future<Optional<Reading>> get(BlobKey key, Range range) {
        return head(key)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : vertx.fileSystem()
                                .open(
                                        kept.resolve(key.name()).toString(),
                                        new OpenOptions().setWrite(false).setCreate(false))
                                .map(file -> Optional.of(reading(found.get(), range, file))));
    }

    private static Reading reading(Blob blob, Range range, AsyncFile file) {
        file.pause().setReadPos(range.from()).setReadLength(range.to() - range.from());
        return new Reading(blob, range, file, () -> {
            var _ = file.close(); // it was only read
        });
    }

    @Override
    public Future<Optional<Blob>> head(BlobKey key) {
        return isPackage(key) ? work(() -> blob(key.name())) : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        if (!space.equals(BlobKey.PACKAGES)) {
            return Future.succeededFuture(new Page(List.of(), null));
        }
        return work(() -> page(prefix, after == null ? "" : after, most));
    }

    private Page page(String prefix, String after, int most) throws IOException {
        try (var files = Files.list(kept)) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> HASH.matcher(name).matches() && name.startsWith(prefix))
                    .filter(name -> name.compareTo(after) > 0)
                    .sorted()
                    .limit(most + 1L)
                    .toList();
            var blobs = new ArrayList<Blob>();
            for (var name : names.subList(0, Math.min(most, names.size()))) {
                blob(name).ifPresent(blobs::add);
            }
            return new Page(blobs, names.size() > most ? names.get(most - 1) : null);
        }
    }

    @Override
    public Future<Boolean> delete(BlobKey key) {
        return isPackage(key)
                ? work(() -> Files.deleteIfExists(kept.resolve(key.name())))
                : Future.succeededFuture(false);
    }

    @Override
    public Future<Void> drop(String space) {
        return list(space, "", null, MOST_NAMES).compose(page -> {
            Future<Boolean> done = Future.succeededFuture(true);
            for (var blob : page.blobs()) {
                done = done.compose(_ -> delete(new BlobKey(space, blob.name())));
            }
            return page.blobs().isEmpty() ? Future.succeededFuture() : done.compose(_ -> drop(space));
        });
    }

    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        return Optional.empty();
    }

    private <T> Future<T> work(Callable<T> work) {
        return vertx.executeBlocking(work, false)
                .<T>map(Objects::requireNonNull)
                .recover(cause -> Future.failedFuture(FilePackages.fault(cause)));
    }
}
