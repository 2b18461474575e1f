package smcp.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQLite files of a data directory. */
final class SqlitePlace implements Place<Backend> {
    private static final List<String> FILES = List.of("registry.db", "sessions.db", "values.db");

    /** What SQLite keeps beside a file (sqlite.org/tempfiles.html): it belongs to it, and to no other. */
    private static final List<String> BESIDE = List.of("", "-wal", "-shm", "-journal");

    private final Path directory;
    private final StoreConfig config;

    SqlitePlace(Path directory, StoreConfig config) {
        this.directory = directory;
        this.config = config;
    }

    @Override
    public @Nullable String occupied() {
        var found = present();
        return found.isEmpty() ? null : String.join(", ", found) + " in " + directory;
    }

    private List<String> present() {
        var found = new ArrayList<String>();
        for (var file : FILES) {
            for (var end : BESIDE) {
                if (Files.exists(directory.resolve(file + end))) {
                    found.add(file + end);
                }
            }
        }
        return found;
    }

    @Override
    public String clear(@Nullable Path aside) throws IOException {
        var files = present();
        for (var file : files) {
            Aside.take(directory.resolve(file), aside);
        }
        return Aside.told(String.join(", ", files), aside);
    }

    @Override
    public Opened<Backend> open() {
        var backend = SqliteBackend.open(directory, config, InstantSource.system());
        return new Opened<>(backend, backend::close);
    }

    @Override
    public void finished() {
        // the data directory has the mark
    }
}
