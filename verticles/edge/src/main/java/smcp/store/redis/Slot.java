package smcp.store.redis;

/** Where a Redis Cluster keeps a key (Redis Cluster specification, Key distribution model and Hash tags). */
final class Slot {
    static final int COUNT = 16_384;
    private static final int POLYNOMIAL = 0x1021; // CRC16-CCITT (XMODEM), as in the specification's appendix A

    private Slot() {}

    static int of(byte[] key) {
        var open = indexOf(key, '{', 0);
        var close = open < 0 ? -1 : indexOf(key, '}', open + 1);
        return close > open + 1 ? crc16(key, open + 1, close) % COUNT : crc16(key, 0, key.length) % COUNT;
    }

    private static int indexOf(byte[] key, char wanted, int from) {
        for (var i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int crc16(byte[] bytes, int from, int to) {
        var crc = 0;
        for (var i = from; i < to; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (var bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
            }
        }
        return crc & 0xffff;
    }
}
