package smcp.store.bench;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** An opened store and what is measured on it. */
interface Bed extends AutoCloseable {
    List<Pair> pairs() throws SQLException, TimeoutException;

    @Override
    void close() throws SQLException, TimeoutException;
}
