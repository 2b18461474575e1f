package smcp.node.bench;

/**
 * One run of the load generator against one server: a line of {@code scripts/bench}'s raw figures. Processor times are in cores, and not a number where the machine does not tell them.
 *
 * @param attempt which attempt this was: more than one if other programs disturbed the earlier ones
 * @param p50 microseconds
 * @param p99 microseconds
 * @param server cores the server and its child processes used
 * @param generator cores the load generator used
 * @param others cores all other programs used
 */
record Measurement(
        int round,
        String name,
        int connections,
        int attempt,
        double perSecond,
        double p50,
        double p99,
        double server,
        double generator,
        double others) {
    private static final int COLUMNS = 17;

    static Measurement of(String line) {
        var cells = line.split(",", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException("a measurement has " + COLUMNS + " columns: " + line);
        }
        var micros = Double.parseDouble(cells[6]);
        return new Measurement(
                Integer.parseInt(cells[0]),
                cells[1],
                Integer.parseInt(cells[2]),
                Integer.parseInt(cells[3]),
                Double.parseDouble(cells[5]) * 1e6 / micros,
                Double.parseDouble(cells[8]),
                Double.parseDouble(cells[10]),
                number(cells[14]) / micros,
                number(cells[15]) / micros,
                number(cells[16]) / micros);
    }

    /** Microseconds of processor time the server spent on a call. */
    double costOfACall() {
        return server * 1e6 / perSecond;
    }

    private static double number(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
}
