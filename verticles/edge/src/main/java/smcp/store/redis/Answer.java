package smcp.store.redis;

import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a script or command answered, where nil stands for nothing that could be: a script says what there is not in other words. */
record Answer(Response response) {
    static Answer of(@Nullable Response response) {
        return new Answer(RedisLink.answered(response));
    }

    boolean isList() {
        return response.type() == ResponseType.MULTI;
    }

    int size() {
        return response.size();
    }

    Answer at(int index) {
        return of(response.get(index));
    }

    /** May hold nil. */
    @Nullable
    Answer maybe(int index) {
        @Nullable Response found = response.get(index);
        return found == null ? null : new Answer(found);
    }

    long number() {
        return Objects.requireNonNull(response.toLong());
    }

    long number(int index) {
        return at(index).number();
    }

    int count(int index) {
        return Math.toIntExact(number(index));
    }

    /** Scripts say yes and no as 1 and 0. */
    boolean yes() {
        return number() == 1;
    }

    byte[] bytes() {
        return Objects.requireNonNull(response.toBytes());
    }

    byte[] bytes(int index) {
        return at(index).bytes();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    String text(int index) {
        return at(index).text();
    }
}
