package smcp.router;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import smcp.contract.CallEvent;

/** What was seen of the calls that began in one part of a scenario. */
final class Tally {
    private final Map<String, Integer> went = new TreeMap<>();
    private final Map<String, Integer> started = new TreeMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private int calls;
    private int wrong;
    private int twice;
    private int failed;

    void went(String node) {
        went.merge(node, 1, Integer::sum);
    }

    void started(String node) {
        started.merge(node, 1, Integer::sum);
    }

    void judged(boolean isWrong) {
        calls++;
        wrong += isWrong ? 1 : 0;
    }

    void ended(long nanos, int attempts, CallEvent.End end) {
        latencies.add(nanos);
        twice += attempts > 1 ? 1 : 0;
        failed += end instanceof CallEvent.Broken ? 1 : 0;
    }

    int calls() {
        return calls;
    }

    int failed() {
        return failed;
    }

    int engines() {
        return started.values().stream().mapToInt(Integer::intValue).sum();
    }

    int wrong() {
        return wrong;
    }

    int twice() {
        return twice;
    }

    /** Calls that began, less those that have an answer. */
    int unanswered() {
        return calls - latencies.size();
    }

    double millis(double quantile) {
        if (latencies.isEmpty()) {
            return 0;
        }
        var sorted = new ArrayList<>(latencies);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * quantile))) / 1e6;
    }

    int percent(String node) {
        var all = went.values().stream().mapToInt(Integer::intValue).sum();
        return all == 0 ? 0 : (int) Math.round(100.0 * went.getOrDefault(node, 0) / all);
    }

    /** A row of the report. */
    String row(String part) {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %.1f | %.1f | %d | %.1f %% | %d | %d | %d |",
                part,
                calls,
                places(),
                millis(0.5),
                millis(0.99),
                engines(),
                calls == 0 ? 0 : 100.0 * wrong / calls,
                twice,
                failed,
                unanswered());
    }

    private String places() {
        var parts = new ArrayList<String>();
        went.keySet().forEach(node -> parts.add(node + " " + percent(node) + " %"));
        return parts.isEmpty() ? "–" : String.join(", ", parts);
    }
}
