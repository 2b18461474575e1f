package smcp.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls in flight by their number on the link. Numbers are never given twice; a number's place is its low bits, so looking one up costs neither a hash nor an allocation. Thread-safe. */
final class CallTable {
    private final AtomicReferenceArray<@Nullable InFlight> places;
    private final int mask;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger size = new AtomicInteger();

    /** @param most calls there will ever be at once */
    CallTable(int most) {
        // half of it stays free, so that a few calls that last do not make the others search
        var length = Integer.highestOneBit(Math.max(32, most)) << 2;
        places = new AtomicReferenceArray<>(length);
        mask = length - 1;
    }

    /** Gives the call its number; false if there are {@code most} already. */
    boolean add(InFlight call, int most) {
        if (size.incrementAndGet() > most) {
            size.decrementAndGet();
            return false;
        }
        while (true) {
            var number = numbers.getAndIncrement();
            var place = (int) number & mask;
            if (places.get(place) == null) {
                call.numbered(number);
                if (places.compareAndSet(place, null, call)) {
                    return true;
                }
            }
        }
    }

    /** The call with this number, if it is in flight. */
    @Nullable
    InFlight get(long number) {
        var call = places.get((int) number & mask);
        return call != null && call.id() == number ? call : null;
    }

    /** Takes the call out; false if it is out already. */
    boolean remove(InFlight call) {
        if (!places.compareAndSet((int) call.id() & mask, call, null)) {
            return false;
        }
        size.decrementAndGet();
        return true;
    }

    int size() {
        return size.get();
    }

    void forEach(Consumer<InFlight> action) {
        for (var i = 0; i <= mask; i++) {
            var call = places.get(i);
            if (call != null) {
                action.accept(call);
            }
        }
    }
}
