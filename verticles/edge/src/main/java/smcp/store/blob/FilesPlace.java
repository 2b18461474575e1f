package smcp.store.blob;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.store.Aside;
import smcp.store.Place;

/** Blobs in files, and what this node unpacked of packages, for a restore. */
final class FilesPlace implements Place<BlobStore> {
    private final Vertx vertx;
    private final Path directory;
    private final FilesConfig config;
    private final Path dataDir;
    private final InstantSource clock;

    FilesPlace(Vertx vertx, Path directory, FilesConfig config, Path dataDir, InstantSource clock) {
        this.vertx = vertx;
        this.directory = directory;
        this.config = config;
        this.dataDir = dataDir;
        this.clock = clock;
    }

    /** Where packages were kept before they became blobs, too: a node would take them over. */
    private List<Path> full() throws IOException {
        var full = new ArrayList<Path>();
        for (var place : List.of(directory, dataDir.resolve("packages"), dataDir.resolve("unpacked"))) {
            if (Files.isDirectory(place) && !empty(place)) {
                full.add(place);
            }
        }
        return full;
    }

    private static boolean empty(Path place) throws IOException {
        try (var entries = Files.newDirectoryStream(place)) {
            return !entries.iterator().hasNext();
        }
    }

    private String names(List<Path> places) {
        return String.join(", ", places.stream().map(Path::toString).toList());
    }

    @Override
    public @Nullable String occupied() throws IOException {
        var full = full();
        return full.isEmpty() ? null : names(full);
    }

    @Override
    public String clear(@Nullable Path aside) throws IOException {
        var full = full();
        for (var place : full) {
            Aside.take(place, aside);
        }
        return Aside.told(names(full), aside);
    }

    @Override
    public Opened<BlobStore> open() throws IOException {
        var opened = FileBlobs.open(vertx, directory, config, clock);
        return new Opened<>(opened.blobs(), opened::close);
    }

    @Override
    public void finished() {
        // the data directory has the mark
    }
}
