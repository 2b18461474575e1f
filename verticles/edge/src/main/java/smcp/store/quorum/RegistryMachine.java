package smcp.store.quorum;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle.State;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import smcp.store.DataDir;

/** The registry as Ratis' state machine: brings entries of the log to the {@link Replica}, and snapshots to the disk and back. */
final class RegistryMachine extends BaseStateMachine {
    private final Replica replica;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final long logBytes;
    private final Runnable snapshotWanted;

    /** Of entries since the last snapshot; of the updater's thread. */
    private long applied;

    /** @param snapshotWanted called when {@code logBytes} were applied since the last one; does not block */
    RegistryMachine(Replica replica, long logBytes, Runnable snapshotWanted) {
        this.replica = replica;
        this.logBytes = logBytes;
        this.snapshotWanted = snapshotWanted;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle().startAndTransition(() -> {
            storage.init(raftStorage);
            load(storage.getLatestSnapshot());
        });
    }

    /** A snapshot of the leader is about to come. */
    @Override
    public void pause() {
        if (getLifeCycleState() == State.RUNNING) {
            getLifeCycle().transition(State.PAUSING);
            getLifeCycle().transition(State.PAUSED);
        }
    }

    @Override
    public void reinitialize() throws IOException {
        load(storage.loadLatestSnapshot());
        if (getLifeCycleState() == State.PAUSED) {
            getLifeCycle().transition(State.STARTING);
            getLifeCycle().transition(State.RUNNING);
        }
    }

    private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        var file = snapshot.getFile().getPath();
        sync(file); // Ratis does not, when it was the leader's
        var known = replica.reached();
        if (known == null || known.getIndex() < snapshot.getIndex()) {
            replica.replace(SnapshotFile.read(file), snapshot.getTermIndex());
        }
        setLastAppliedTermIndex(snapshot.getTermIndex());
        applied = 0;
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        DataDir.syncNames(directory);
        DataDir.syncNames(Objects.requireNonNull(directory.getParent()));
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        var entry = Objects.requireNonNull(transaction.getLogEntry());
        var at = TermIndex.valueOf(entry);
        var data = entry.getStateMachineLogEntry().getLogData();
        replica.apply(Part.decode(data.asReadOnlyByteBuffer()), at);
        updateLastAppliedTermIndex(at);
        applied += data.size();
        if (applied >= logBytes) {
            applied = 0;
            snapshotWanted.run();
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        replica.passed(TermIndex.valueOf(term, index));
    }

    /** Whoever asks only wants to know whether somebody answers. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** In the updater's thread: nothing is applied meanwhile. */
    @Override
    public long takeSnapshot() throws IOException {
        var at = getLastAppliedTermIndex();
        var reached = replica.reached();
        if (reached == null || at.getIndex() != reached.getIndex()) {
            return RaftLog.INVALID_LOG_INDEX; // begun again, and not yet where the replica is
        }
        var file = storage.getSnapshotFile(at.getTerm(), at.getIndex());
        SnapshotFile.write(replica.state(), file.toPath());
        MD5Hash sum = MD5FileUtil.computeAndSaveMd5ForFile(file);
        var _ = storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file.toPath(), sum), at.getTerm(), at.getIndex()));
        applied = 0;
        return at.getIndex();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }
}
