package smcp.control;

import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.BlobStore;

/** A blob on its way to who asked for it, at the pace of the slower one. What breaks off may not look like an end: the connection goes with it (RFC 9112 §8). */
record SentBlob(BlobStore.Reading reading) implements Answer.Stream {
    private static final Logger log = LoggerFactory.getLogger(SentBlob.class);

    @Override
    public void send(HttpServerResponse response) {
        reading.content().pipe().endOnFailure(false).to(response).onFailure(cause -> {
            reading.cancel().run();
            var _ = response.reset();
            log.atInfo().addKeyValue("cause", cause.getMessage()).log("a blob broke off");
        });
    }

    @Override
    public void discard() {
        reading.cancel().run();
    }
}
