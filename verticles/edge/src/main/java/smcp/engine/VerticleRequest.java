package smcp.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.protocol.Json;
import smcp.runner.RunnerRequest;
import smcp.runner.Slice;

/** A call as the runner reads it: the parts the edge found already, nothing parsed again. */
final class VerticleRequest implements RunnerRequest {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final InFlight inFlight;
    private final Call call;
    private @Nullable Slice meta;

    VerticleRequest(InFlight inFlight, Call call) {
        this.inFlight = inFlight;
        this.call = call;
    }

    @Override
    public String method() {
        return call.method().wire();
    }

    @Override
    public Slice params() {
        return slice(call.params());
    }

    @Override
    public String name() {
        return call.name();
    }

    @Override
    public @Nullable Slice arguments() {
        return call.arguments() == null ? null : slice(call.arguments());
    }

    @Override
    public @Nullable Slice inputResponses() {
        return call.inputResponses() == null ? null : slice(call.inputResponses());
    }

    @Override
    public @Nullable String requestState() {
        return call.tenantState();
    }

    /** Most tools never look. */
    @Override
    public synchronized Slice meta() {
        var known = meta;
        if (known == null) {
            meta = known = slice(LinkMessages.meta(inFlight.id(), call));
        }
        return known;
    }

    @Override
    public Slice clientCapabilities() {
        return slice(call.client().capabilities());
    }

    @Override
    public @Nullable String logLevel() {
        var level = call.client().logLevel();
        if (level == null) {
            return null;
        }
        try (var parser = FACTORY.createParser(level.bytes(), level.from(), level.length())) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : level.text();
        } catch (IOException e) {
            return level.text();
        }
    }

    @Override
    public boolean wantsProgress() {
        return call.progressToken() != null;
    }

    private static Slice slice(Json json) {
        return new Slice(json.bytes(), json.from(), json.to());
    }
}
