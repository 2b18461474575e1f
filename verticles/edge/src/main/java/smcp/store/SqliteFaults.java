package smcp.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import smcp.bus.Fault;

/** What a failure of SQLite means (sqlite.org/rescode.html). */
final class SqliteFaults {
    private SqliteFaults() {}

    /** Is it about the disk, the file or its locks, and not about the one statement? Then SQLite may have rolled the whole transaction back, and the connection is not to be trusted further. */
    static boolean environmental(SQLException e) {
        return switch (primary(e)) {
            case SQLITE_FULL,
                    SQLITE_IOERR,
                    SQLITE_BUSY,
                    SQLITE_LOCKED,
                    SQLITE_READONLY,
                    SQLITE_CANTOPEN,
                    SQLITE_CORRUPT,
                    SQLITE_NOTADB,
                    SQLITE_NOMEM,
                    SQLITE_PERM,
                    SQLITE_PROTOCOL,
                    SQLITE_INTERRUPT,
                    SQLITE_AUTH -> true;
            default -> false;
        };
    }

    static Fault fault(Path file, Throwable cause) {
        return switch (cause) {
            case Fault fault -> fault;
            case SQLException e when corrupt(e) -> damaged(file, String.valueOf(e.getMessage()));
            case SQLException e
            when environmental(e) -> new Fault(Fault.Kind.STORE_UNAVAILABLE, file.getFileName() + ": " + reason(e), e);
            case OutOfMemoryError e -> new Fault(Fault.Kind.STORE_UNAVAILABLE, "out of memory", e);
            default -> new Fault(Fault.Kind.INTERNAL, "store failed", cause);
        };
    }

    /** What is to be done stands with it, because whoever reads this has no time to look it up. */
    static Fault damaged(Path file, String finding) {
        return new Fault(
                Fault.Kind.STORE_DAMAGED,
                file.getFileName() + ": the file is damaged (" + finding.lines().collect(Collectors.joining(" "))
                        + "): stop the node and run smcp restore BACKUP --replace with its --config or --data, which moves the file aside");
    }

    private static boolean corrupt(SQLException e) {
        return primary(e) == SQLiteErrorCode.SQLITE_CORRUPT || primary(e) == SQLiteErrorCode.SQLITE_NOTADB;
    }

    private static String reason(SQLException e) {
        var code = primary(e);
        return switch (code) {
            case SQLITE_FULL -> "the disk is full";
            case SQLITE_IOERR -> "the disk failed (" + code(e) + ")";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another program holds the database";
            case SQLITE_READONLY, SQLITE_PERM -> "the file cannot be written (" + code(e) + ")";
            case SQLITE_CANTOPEN -> "the file cannot be opened";
            default -> code.message;
        };
    }

    private static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    /** Extended result codes carry the primary one in their low byte. */
    private static SQLiteErrorCode primary(SQLException e) {
        var code = code(e);
        return code.code < 0 ? code : SQLiteErrorCode.getErrorCode(code.code & 0xff);
    }
}
