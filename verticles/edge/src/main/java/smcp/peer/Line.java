package smcp.peer;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a member: makes it, makes another when it breaks, and replaces it before its stream ids run out (RFC 9113 §5.1.1). Confined to its context, but for {@link #carrier}.
 */
final class Line {
    private static final Logger log = LoggerFactory.getLogger(Line.class);
    /** There are 2^30 stream ids for a client; at 20,000 calls a second they last for half a day. */
    static final int STREAMS_OF_A_CONNECTION = 1 << 29;

    final PeerLink link;
    private final ContextInternal context;
    private final int streams;
    private volatile @Nullable Carrier carrier;
    private boolean open;
    private volatile boolean closed;
    private boolean connecting;
    private boolean told;
    private int failures;
    private final Set<Carrier> alive = new HashSet<>();

    Line(PeerLink link, ContextInternal context, int streams) {
        this.link = link;
        this.context = context;
        this.streams = streams;
    }

    /** Where new calls go; null while there is no connection. */
    @Nullable
    Carrier carrier() {
        return carrier;
    }

    void open() {
        context.emit(_ -> {
            if (!open) {
                open = true;
                connect();
            }
        });
    }

    void close(String why) {
        closed = true;
        carrier = null;
        context.emit(_ -> List.copyOf(alive).forEach(each -> each.kill(why)));
    }

    private void connect() {
        if (closed || connecting) {
            return;
        }
        connecting = true;
        new Attempt().begin();
    }

    private void again() {
        connecting = false;
        if (!closed) {
            link.vertx.setTimer(link.pauseMillis(failures++), _ -> context.emit(_ -> connect()));
        }
    }

    private void failed(String why) {
        if (carrier == null) {
            link.down(why);
        }
        if (!told && !closed) {
            told = true;
            log.atWarn().addKeyValue("node", link.member.name()).log("no link to another node: " + why);
        }
        again();
    }

    private void up(HttpClientConnection connection, int version) {
        connecting = false;
        told = false;
        var made = new Carrier(this, connection, context, version, streams);
        alive.add(made);
        var before = carrier;
        carrier = made;
        made.begin();
        if (before != null) {
            before.retire();
        }
        log.atInfo().addKeyValue("node", link.member.name()).log("linked to another node");
        if (closed) {
            carrier = null;
            made.kill("the link was closed");
        }
    }

    /** On our context: {@code which} takes no more calls. */
    void leave(Carrier which) {
        if (carrier == which) {
            carrier = null;
            link.down("its connection was closed in order");
            connect();
        }
    }

    /** On our context: {@code which} has had as many calls as it may; it stays until there is another. */
    void worn() {
        connect();
    }

    /** On our context: {@code which} is closed, and has told its calls. */
    void gone(Carrier which, String why, boolean lived) {
        alive.remove(which);
        if (lived) {
            failures = 0;
        }
        if (carrier == which) {
            carrier = null;
            link.down(why);
            if (!closed) {
                log.atWarn().addKeyValue("node", link.member.name()).log("the link to another node broke: " + why);
            }
            if (!connecting) {
                connecting = true;
                again();
            }
        }
    }

    /** One attempt: a connection, and the other node's word who it is. All of it within one bound. */
    private final class Attempt {
        private boolean over;
        private @Nullable HttpClientConnection connection;
        private long timer;

        void begin() {
            var within = link.config.connectTimeout().toMillis();
            timer = link.vertx.setTimer(within, _ -> context.emit(_ -> fail("no answer within " + within + " ms")));
            connecting()
                    .onComplete(made -> context.emit(_ -> {
                        if (made.failed()) {
                            fail(String.valueOf(made.cause().getMessage()));
                        } else {
                            connected(made.result());
                        }
                    }));
        }

        private Future<HttpClientConnection> connecting() {
            try {
                return link.client.connect(
                        new HttpConnectOptions().setHost(link.member.host()).setPort(link.member.peerPort()));
            } catch (IllegalStateException e) {
                // the client was closed, by us or with its Vert.x
                closed = true;
                return Future.failedFuture(e);
            }
        }

        private void connected(HttpClientConnection made) {
            connection = made;
            if (over) {
                var _ = made.close();
                return;
            }
            made.request(new RequestOptions()
                            .setMethod(HttpMethod.GET)
                            .setURI(Wire.HELLO)
                            .putHeader(Wire.VERSION, link.versions.toString()))
                    .compose(request -> {
                        request.exceptionHandler(_ -> {
                            // the future of its response says it
                        });
                        return request.send();
                    })
                    .onComplete(answered -> context.emit(_ -> {
                        if (over) {
                            return;
                        }
                        if (answered.failed()) {
                            fail(String.valueOf(answered.cause().getMessage()));
                        } else {
                            hello(made, answered.result());
                        }
                    }));
        }

        private void hello(HttpClientConnection made, HttpClientResponse answer) {
            var run = answer.getHeader(Wire.RUN);
            if (answer.statusCode() != 200 || run == null) {
                fail("what answers at " + link.member.host() + ":" + link.member.peerPort() + " is no node");
                return;
            }
            if (!run.equals(link.member.run())) {
                fail("another run of a node answers at its address");
                return;
            }
            int version;
            try {
                var theirs = Versions.parse(answer.getHeader(Wire.VERSION));
                version = link.versions.common(theirs);
                if (version == 0) {
                    fail("it talks smcp-peer " + theirs + ", this node " + link.versions);
                    return;
                }
            } catch (Malformed e) {
                fail(String.valueOf(e.getMessage()));
                return;
            }
            finish();
            up(made, version);
        }

        private void fail(String why) {
            if (!over) {
                finish();
                if (connection != null) {
                    var _ = connection.close();
                }
                failed(why);
            }
        }

        private void finish() {
            over = true;
            link.vertx.cancelTimer(timer);
        }
    }
}
