package smcp.contract;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One node as the node that was asked knows it, for those who operate it.
 *
 * @param state {@code fit}, {@code doubtful} (silent, failing or overloaded: chosen only if no other is there) or {@code leaving}
 * @param roundTrip null while there is no link, and of the node itself
 * @param silence since it last told of itself
 * @param ejections how often it was left out for failing, less those forgotten
 * @param awake versions awake there
 * @param running calls they work on
 * @param waiting calls in their queues
 */
public record NodeReport(
        Member member,
        String state,
        @Nullable Duration roundTrip,
        Duration silence,
        int ejections,
        int awake,
        int running,
        int waiting) {}
