package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;

/** A store that is to survive kills: how it is opened, and what is killed besides the process that writes. */
interface CrashTarget {
    /** Opens it, in the writer or in whoever looks afterwards. */
    Future<Stores> open(Vertx vertx);

    /** The two words from which {@link #of} makes it in another process. */
    String kind();

    String place();

    /** Kills what the store runs on, if that is a process of its own. */
    default void kill() {}

    /** Starts again what {@link #kill} killed. */
    default void revive() throws IOException {}

    static CrashTarget of(String kind, String place) {
        if (kind.equals("sqlite")) {
            return new Sqlite(Path.of(place));
        }
        throw new IllegalArgumentException("there is no store \"" + kind + "\" to crash; there is sqlite");
    }

    /** Files in a data directory. */
    record Sqlite(Path data) implements CrashTarget {
        @Override
        public Future<Stores> open(Vertx vertx) {
            return Stores.open(vertx, StoreConfig.defaults(data));
        }

        @Override
        public String kind() {
            return "sqlite";
        }

        @Override
        public String place() {
            return data.toString();
        }
    }
}
