package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionStore.SessionKey;
import smcp.tenant.TenantId;

/**
 * Names of the keys of sessions and logs. Ids may hold anything: an id stands last in a name, or behind its length. The scripts that make names themselves ({@code state.lua}) make the same.
 *
 * <table>
 * <caption>Of one tenant</caption>
 * <tr><td>{@code session:<id>}<td>hash: expires, stamp, record
 * <tr><td>{@code owned:<session>}<td>set: {@code s<stream>}, {@code x<exchange>}
 * <tr><td>{@code stream:<child>}, {@code frames:<child>}<td>hash: first, next, bytes, ended, expires, request, and node if one runs its call; list of the frames from first on
 * <tr><td>{@code running:<node>}<td>sorted set: the node's streams ({@link NodeStreams})
 * <tr><td>{@code exchange:<child>}<td>hash: deadline, stamp, record, stream
 * <tr><td>{@code sessions}, {@code streams}, {@code exchanges}, {@code spent}<td>sorted sets: what is due when, in milliseconds; of the spent states this is all
 * <tr><td>{@code sessions.due} and so on<td>hash: the tenant's half of a {@link TenantIndex}
 * <tr><td>{@code changes}, {@code changes.log}<td>hash: epoch, newest, history; list of the changes
 * </table>
 */
final class StateKeys {
    private final RedisKeys keys;

    StateKeys(RedisKeys keys) {
        this.keys = keys;
    }

    /** What all names of a tenant begin with; itself a name in the tenant's slot. */
    byte[] base(TenantId tenant) {
        return of(tenant, "");
    }

    byte[] of(TenantId tenant, String what) {
        return keys.tenant(tenant, what);
    }

    byte[] session(TenantId tenant, String id) {
        return of(tenant, "session:" + id);
    }

    byte[] owned(TenantId tenant, String session) {
        return of(tenant, "owned:" + session);
    }

    byte[] stream(StreamKey stream) {
        return of(stream.tenant(), "stream:" + child(stream.session(), stream.id()));
    }

    byte[] frames(StreamKey stream) {
        return of(stream.tenant(), "frames:" + child(stream.session(), stream.id()));
    }

    byte[] exchange(SessionKey session, String id) {
        return of(session.tenant(), "exchange:" + child(session.id(), id));
    }

    /** A stream as a child of its session. */
    static byte[] name(StreamKey stream) {
        return bytes(child(stream.session(), stream.id()));
    }

    /** What belongs to a session: {@code <bytes of the session id>:<session id>:<own id>}, so that no two pairs of ids give one name. */
    static String child(String session, String id) {
        return bytes(session).length + ":" + session + ":" + id;
    }
}
