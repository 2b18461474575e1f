package smcp.store.blob;

import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.TenantBlobs.Size;
import smcp.tenant.Limits;

/** What one tenant keeps, and what is on its way to it. Any thread. */
final class Ledger {
    private long blobs;
    private long bytes;

    /** Of writes that have not ended. */
    private long blobsComing;

    private long bytesComing;

    Ledger(long blobs, long bytes) {
        this.blobs = blobs;
        this.bytes = bytes;
    }

    synchronized Size size() {
        return new Size(blobs, bytes);
    }

    synchronized void removed(long length) {
        blobs = Math.max(0, blobs - 1);
        bytes = Math.max(0, bytes - length);
    }

    /**
     * Begins a write.
     *
     * @param old bytes of what it replaces; null if that is nothing
     * @throws Fault if there may not be one more
     */
    synchronized Write begin(@Nullable Long old, Limits.Storage limits) {
        var fresh = old == null ? 1 : 0;
        if (blobs + blobsComing + fresh > limits.blobs()) {
            throw new Fault(
                    Fault.Kind.QUOTA, "the tenant has " + blobs + " blobs and may have " + limits.blobs() + " (blobs)");
        }
        blobsComing += fresh;
        return new Write(fresh, old == null ? 0 : old, limits.blobBytes());
    }

    /** One that is under way; ended once, with {@link #done} or {@link #failed}. */
    final class Write {
        private final int fresh;
        private final long old;
        private final long most;
        private long came;

        private Write(int fresh, long old, long most) {
            this.fresh = fresh;
            this.old = old;
            this.most = most;
        }

        /** So many bytes more; a fault if they are too many. */
        @Nullable
        Fault more(long length) {
            synchronized (Ledger.this) {
                came += length;
                bytesComing += length;
                return bytes + bytesComing - old <= most
                        ? null
                        : new Fault(
                                Fault.Kind.QUOTA,
                                "the tenant keeps " + bytes + " bytes of blobs and may keep " + most
                                        + " (blobBytes): there is no room for this one");
            }
        }

        void done(long length) {
            synchronized (Ledger.this) {
                end();
                blobs += fresh;
                bytes = Math.max(0, bytes + length - old);
            }
        }

        void failed() {
            synchronized (Ledger.this) {
                end();
            }
        }

        private void end() {
            blobsComing -= fresh;
            bytesComing -= came;
        }
    }
}
