package smcp.contract;

import java.util.List;

/** Who is in the cluster now, as this node sees it. Any thread. */
public interface Members {
    Member self();

    /** The other live nodes, in the order of their ids. A node that is hung counts until it is removed. */
    List<Member> others();

    /** {@code listener} hears of every change from now on, one at a time, after {@link #others} shows it; must not block. */
    void listen(Listener listener);

    /** Hears who comes and goes. */
    interface Listener {
        /** It may be called from now on. */
        void joined(Member member);

        /** It was removed: nothing that it was asked will be answered any more. It may come back later, as {@link #joined}. */
        void lost(Member member);
    }

    /** A node by itself. */
    static Members alone(Member self) {
        return new Members() {
            @Override
            public Member self() {
                return self;
            }

            @Override
            public List<Member> others() {
                return List.of();
            }

            @Override
            public void listen(Listener listener) {
                // nobody comes
            }
        };
    }
}
