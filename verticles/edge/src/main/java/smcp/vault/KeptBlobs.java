package smcp.vault;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.tenant.DataKey;
import smcp.vault.Pass.Done;

/** The blobs of an owner. One is read and written at the store's pace, in the place of exactly what was read. */
final class KeptBlobs implements Keeper {
    private static final int PAGE = 100;

    private final BlobStore raw;
    private final SealedBlobs blobs;
    private final Sealing.Mode mode;
    private final Context context;

    /** @param context for the streams, which belong to one */
    KeptBlobs(BlobStore raw, SealedBlobs blobs, Sealing.Mode mode, Context context) {
        this.raw = raw;
        this.blobs = blobs;
        this.mode = mode;
        this.context = context;
    }

    @Override
    public void pass(Keys keys, Pass pass) throws InterruptedException {
        var space = keys.owner().equals(DataKey.PLATFORM) ? BlobKey.PACKAGES : Contexts.TENANT_SPACE + keys.owner();
        @Nullable String after = null;
        do {
            var page = Pass.await(raw.list(space, "", after, PAGE));
            for (var blob : page.blobs()) {
                var key = new BlobKey(space, blob.name());
                pass.one(Contexts.blob(key), () -> onContext(() -> reseal(key, keys.primary())));
            }
            after = page.next();
        } while (after != null);
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        var done = Promise.<T>promise();
        context.runOnContext(_ -> {
            try {
                work.get().onComplete(done);
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    private Future<Done> reseal(BlobKey key, int primary) {
        return blobs.sealedWith(key).compose(found -> {
            var with = found.isEmpty() ? null : found.get().key();
            if (found.isEmpty() || (with != null && with == primary) || (with == null && !mode.seals())) {
                return Future.succeededFuture(Done.NOTHING);
            }
            return blobs.get(key, Range.ALL)
                    .compose(reading -> reading.isEmpty()
                            ? Future.succeededFuture(Done.NOTHING)
                            : blobs.seal(
                                            key,
                                            reading.get().content(),
                                            new Condition.Matches(
                                                    reading.get().blob().etag()),
                                            Long.MAX_VALUE)
                                    .onFailure(_ -> reading.get().cancel().run())
                                    .map(Done.RESEALED));
        });
    }
}
