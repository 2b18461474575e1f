package smcp.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Entries on their way to the log's thread, bounded in number and bytes. What does not fit is counted as lost. */
final class AuditQueue {
    private static final long MOST_BYTES = 64 << 20;

    private final int most;
    private final Queue<AuditEntry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    AuditQueue(int most) {
        this.most = most;
    }

    /** False if there is no room; the entry is counted then, and gone. */
    boolean offer(AuditEntry entry) {
        if (number.incrementAndGet() > most) {
            number.decrementAndGet();
        } else if (bytes.addAndGet(entry.weight()) > MOST_BYTES) {
            bytes.addAndGet(-entry.weight());
            number.decrementAndGet();
        } else {
            entries.add(entry);
            return true;
        }
        lost.incrementAndGet();
        return false;
    }

    /** Takes out the oldest entries. */
    List<AuditEntry> drain(int atMost) {
        var taken = new ArrayList<AuditEntry>();
        AuditEntry next;
        while (taken.size() < atMost && (next = entries.poll()) != null) {
            taken.add(next);
            number.decrementAndGet();
            bytes.addAndGet(-next.weight());
        }
        return taken;
    }

    /** Shows what waits, oldest first, and leaves it where it is. */
    void forEach(Consumer<AuditEntry> visitor) {
        entries.forEach(visitor);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return number.get();
    }

    /** Only the other half is left, which is for what runs already. */
    boolean halfFull() {
        return number.get() > most / 2 || bytes.get() > MOST_BYTES / 2;
    }

    /** How many were lost since this was asked last. */
    long takeLost() {
        return lost.get() == 0 ? 0 : lost.getAndSet(0);
    }

    /** They could not be told of after all. */
    void lostAgain(long entriesLost) {
        lost.addAndGet(entriesLost);
    }
}
