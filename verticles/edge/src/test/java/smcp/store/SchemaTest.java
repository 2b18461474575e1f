package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.Samples.get;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;

class SchemaTest {
    private static final List<String> FIRST = List.of("CREATE TABLE a (x)", "INSERT INTO a VALUES (1)");

    @TempDir
    Path directory;

    private SqliteDatabase open(List<List<String>> steps) {
        var schema = new Schema("sample", 7, steps);
        return SqliteDatabase.open(
                new SqliteDatabase.Settings(
                        directory.resolve("a.db"), schema, SqliteDatabase.Sync.NORMAL, 1 << 20, 16, 1),
                _ -> {});
    }

    private static long sum(SqliteDatabase database) {
        return get(database.read(db -> db.number("SELECT sum(x) FROM a", 0)));
    }

    @Test
    void anOlderFileIsBroughtForwardOnce() {
        get(open(List.of(FIRST)).close());
        var steps = List.of(FIRST, List.of("INSERT INTO a VALUES (10)"), List.of("INSERT INTO a VALUES (100)"));
        for (var i = 0; i < 2; i++) {
            var database = open(steps);
            assertThat(sum(database)).isEqualTo(111);
            get(database.close());
        }
    }

    @Test
    void aStepThatFailsChangesNothing() {
        get(open(List.of(FIRST)).close());
        assertThatThrownBy(() -> open(List.of(FIRST, List.of("INSERT INTO a VALUES (10)", "INSERT INTO b VALUES (1)"))))
                .isInstanceOf(Fault.class);
        var database = open(List.of(FIRST));
        assertThat(sum(database)).isEqualTo(1);
        get(database.close());
    }
}
