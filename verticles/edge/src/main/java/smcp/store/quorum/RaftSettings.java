package smcp.store.quorum;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told. */
final class RaftSettings {
    /** Beyond it a snapshot takes the place of the log, however few bytes they are. */
    private static final long MOST_ENTRIES = 8_192;

    /** Of entries sent together; also a bound of one. */
    private static final SizeInBytes APPEND = SizeInBytes.valueOf(2L * Part.MOST_BYTES);

    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("8MB");

    static {
        // it would end the process if its port were taken
        ExitUtils.disableSystemExit();
    }

    private RaftSettings() {}

    static RaftProperties properties(QuorumConfig config, String self, Path directory) {
        var properties = new RaftProperties();
        var address = config.address(self);
        var bind = config.bind();
        GrpcConfigKeys.Server.setHost(properties, bind == null ? address.host() : bind);
        GrpcConfigKeys.Server.setPort(properties, address.port());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(8L * Part.MOST_BYTES));
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(directory.resolve("log").toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, directory.resolve("removed").toFile());
        times(properties, config.limits());
        log(properties);
        return properties;
    }

    private static void times(RaftProperties properties, QuorumConfig.Limits limits) {
        Rpc.setTimeoutMin(properties, millis(limits.electionMillis()));
        Rpc.setTimeoutMax(properties, millis(2L * limits.electionMillis()));
        // nobody leads yet, so there is nobody to wait for
        Rpc.setFirstElectionTimeoutMin(properties, millis(limits.electionMillis() / 4));
        Rpc.setFirstElectionTimeoutMax(properties, millis(limits.electionMillis()));
        Rpc.setRequestTimeout(properties, millis(limits.commitMillis()));
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, millis(limits.commitMillis()));
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(10_000));
        // by default a process that was stopped for a minute closes its server when it goes on
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
    }

    private static void log(RaftProperties properties) {
        Log.setSegmentSizeMax(properties, SEGMENT);
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(2 * SEGMENT.getSize()));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(APPEND.getSize() + 64));
        Log.Appender.setBufferByteLimit(properties, APPEND);
        Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(2L * Part.MOST_BYTES));
        // by default a member that comes back is looked for every five seconds, and without a pause when all tries are
        // used up
        Log.Appender.setRetryPolicy(properties, "50ms,40, 250ms,1000000000");
        Log.setPurgeGap(properties, 1);
        // a member that is away does not keep the log of the others from being cut: it gets a snapshot
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, MOST_ENTRIES);
        Snapshot.setCreationGap(properties, 1);
        Snapshot.setRetentionFileNum(properties, 2);
    }

    static Parameters parameters(QuorumConfig config) {
        var parameters = new Parameters();
        var tls = config.tls();
        if (tls != null) {
            var files = new GrpcTlsConfig(
                    tls.keyFile().toFile(),
                    tls.certFile().toFile(),
                    tls.caFile().toFile(),
                    true);
            GrpcConfigKeys.TLS.setConf(parameters, files);
            GrpcConfigKeys.Server.setTlsConf(parameters, files);
            GrpcConfigKeys.Client.setTlsConf(parameters, files);
            GrpcConfigKeys.Admin.setTlsConf(parameters, files);
        }
        return parameters;
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
