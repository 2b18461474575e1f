package smcp.store;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Checksums of what stands in a row. SQLite finds a page whose structure is damaged; bytes that changed within a cell, or in a page that a cell flows over to, it would hand out. */
final class Sums {
    private Sums() {}

    /** CRC-32C: made by one instruction of the processor, and enough against accidents. Against intent there is sealing. */
    static int of(byte[] content) {
        var sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }

    /**
     * The bytes in column {@code content}, checked against column {@code content + 1}; rows of older programs have no sum.
     *
     * @param what the row is, for the fault
     */
    static byte[] checked(ResultSet rows, int content, Path file, String what) throws SQLException {
        var bytes = Objects.requireNonNull(rows.getBytes(content), what);
        var sum = rows.getInt(content + 1);
        if (!rows.wasNull() && sum != of(bytes)) {
            throw damaged(file, what);
        }
        return bytes;
    }

    static RuntimeException damaged(Path file, String what) {
        return SqliteFaults.damaged(file, what + " is not what was written");
    }
}
