package smcp.router;

import java.nio.charset.StandardCharsets;

/**
 * Highest-random-weight hashing (Thaler and Ravishankar 1998): every node puts the nodes into the same order for a tenant without talking to others, each tenant has another order, and a node that goes moves only what it
 * was first for. By tenant and not by version, so that a new version starts where the old one is warm.
 */
final class Rendezvous {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /** FNV-1a. The same on every node and in every version of the program. */
    static long hash(String text) {
        var hash = FNV_OFFSET;
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** The higher, the earlier; compare it unsigned. */
    static long weight(long tenant, long node) {
        return mix(tenant ^ Long.rotateLeft(node, 31));
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): one bit changed changes half of all bits. */
    private static long mix(long z) {
        var a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        var b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
