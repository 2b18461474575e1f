package smcp.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One SQLite connection with the statements prepared on it so far. Of one thread. The SQL texts are constants of this package, so their number is bounded. */
public final class Statements implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** {@code sql} with its parameters set; belongs to the connection, so the caller closes result sets but not the statement. */
    public PreparedStatement with(String sql, @Nullable Object... parameters) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (var i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                default -> throw new IllegalArgumentException("no SQL type for " + parameters[i]);
            }
        }
        return statement;
    }

    /** Rows changed. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        return with(sql, parameters).executeUpdate();
    }

    /** For statements that are neither queries nor updates. */
    public void run(String sql) throws SQLException {
        var _ = with(sql).execute();
    }

    /** The first column of the first row; {@code otherwise} if there is no row. */
    public long number(String sql, long otherwise, @Nullable Object... parameters) throws SQLException {
        try (var rows = with(sql, parameters).executeQuery()) {
            return rows.next() ? rows.getLong(1) : otherwise;
        }
    }

    /** The first column of the first row; null if there is no row. */
    public @Nullable String text(String sql, @Nullable Object... parameters) throws SQLException {
        try (var rows = with(sql, parameters).executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    @Override
    public void close() throws SQLException {
        for (var statement : prepared.values()) {
            statement.close();
        }
        connection.close();
    }
}
