package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.EventLog.StreamKey;

/** All four contracts in SQLite, and what is particular to it. */
class SqliteStateTest {
    @TempDir
    static Path directory;

    private static int files;

    private static State fresh() {
        return SqliteState.open(directory.resolve("s" + files++ + ".db"), StateContract.BOUNDS, 4_096, 2, "boot");
    }

    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected State newState() {
            return fresh();
        }
    }

    @Nested
    class Events extends EventLogContract {
        @Override
        protected State newState() {
            return fresh();
        }
    }

    @Nested
    class Changes extends ChangeLogContract {
        @Override
        protected State newState() {
            return fresh();
        }
    }

    @Nested
    class Exchanges extends ExchangeStoreContract {
        @Override
        protected State newState() {
            return fresh();
        }
    }

    @Nested
    class Spent extends SpentStatesContract {
        @Override
        protected State newState() {
            return fresh();
        }
    }

    private static State open(Path file, String boot) {
        return SqliteState.open(file, StateBounds.DEFAULT, 4_096, 2, boot);
    }

    @Test
    void everythingIsThereAfterAReopen() {
        var file = directory.resolve("reopen.db");
        var stream = new StreamKey(ACME, "s", "x");
        var state = open(file, "boot");
        get(state.sessions().create(session(ACME, "s"), T0.plusSeconds(9)));
        get(state.events().open(stream, "1", T0.plusSeconds(9)));
        get(state.events().append(stream, 0, frames("", "1")));
        get(state.changes().append(ACME, Kind.TOOLS, ""));
        var changes = get(state.changes().read(ACME, 0, 9));
        get(state.close());

        state = open(file, "another boot");
        assertThat(get(state.sessions().find(ACME, "s", T0))).contains(session(ACME, "s"));
        assertThat(get(state.events().read(stream, -1, 9, T0)).orElseThrow().events())
                .hasSize(2);
        assertThat(get(state.changes().read(ACME, 0, 9))).isEqualTo(changes);
        get(state.close());
    }

    @Test
    void aChangeLogBeginsANewEpochOnlyIfTheMachineDied() throws IOException {
        var file = directory.resolve("died.db");
        var state = open(file, "first boot");
        get(state.changes().append(ACME, Kind.TOOLS, ""));
        var epoch = get(state.changes().read(ACME, 0, 9)).epoch();
        var afterKill = copy(file, "kill.db");
        var afterPowerLoss = copy(file, "power.db");
        get(state.close());

        assertThat(epoch(afterKill, "first boot")).isEqualTo(epoch);
        assertThat(epoch(afterPowerLoss, "second boot")).isNotEqualTo(epoch);
        assertThat(epoch(file, "second boot")).isEqualTo(epoch);
    }

    /** What a process that ended without closing leaves behind. */
    private static Path copy(Path file, String name) throws IOException {
        var target = directory.resolve(name);
        for (var suffix : List.of("", "-wal")) {
            Files.copy(Path.of(file + suffix), Path.of(target + suffix), StandardCopyOption.REPLACE_EXISTING);
        }
        return target;
    }

    private static String epoch(Path file, String boot) {
        var state = open(file, boot);
        try {
            return get(state.changes().read(ACME, 0, 9)).epoch();
        } finally {
            get(state.close());
        }
    }

    @Test
    void anAnswerComesHomeToTheContextThatAsked() {
        var vertx = Vertx.vertx();
        var state = fresh();
        var context = vertx.getOrCreateContext();
        var home = Promise.<List<Context>>promise();
        context.runOnContext(_ -> {
            var seen = new ArrayList<Context>();
            Future.all(
                            state.sessions().find(ACME, "s", T0).map(_ -> seen.add(Vertx.currentContext())),
                            state.sessions().create(session(ACME, "s"), T0).map(_ -> seen.add(Vertx.currentContext())))
                    .<List<Context>>map(seen)
                    .onComplete(home);
        });
        assertThat(get(home.future())).containsExactly(context, context);
        get(state.close());
        get(vertx.close());
    }

    @Test
    void noThreadOutlivesTheClose() {
        var state = fresh();
        get(state.sessions().create(session(ACME, "s"), T0));
        assertThat(get(state.sessions().count(ACME))).isEqualTo(1);
        get(state.close());
        var name = "smcp-store-s" + (files - 1) + ".db";
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(name + "-")));
        assertFault(state.sessions().count(ACME), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("closed");
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsSaid() throws IOException {
        var file = Files.createDirectory(directory.resolve("dir.db"));
        assertThatThrownBy(() -> open(file, "boot")).isInstanceOf(Fault.class).hasMessageContaining("cannot be opened");
    }
}
