package smcp.contract;

/** What one call has used so far. Written by the node that executes it, on the call's context. */
public final class Usage {
    private long cpuMillis;
    private long responseBytes;
    private int notices;
    private int subRequests;
    private int attempts;

    /** Of a call that another node has tried to execute, or asks this one to. */
    public static Usage afterAttempts(int attempts) {
        var usage = new Usage();
        usage.attempts = attempts;
        return usage;
    }

    /** What the node counted that executed the call. */
    public void add(long moreCpuMillis, long moreResponseBytes, int moreNotices, int moreSubRequests) {
        cpuMillis += moreCpuMillis;
        responseBytes += moreResponseBytes;
        notices += moreNotices;
        subRequests += moreSubRequests;
    }

    public void addCpuMillis(long more) {
        cpuMillis += more;
    }

    public void addResponseBytes(long more) {
        responseBytes += more;
    }

    /** Counts one notification; answers how many there were with it. */
    public int addNotice() {
        return ++notices;
    }

    public void addSubRequest() {
        subRequests++;
    }

    public void addAttempt() {
        attempts++;
    }

    public long cpuMillis() {
        return cpuMillis;
    }

    public long responseBytes() {
        return responseBytes;
    }

    public int notices() {
        return notices;
    }

    public int subRequests() {
        return subRequests;
    }

    /** Attempts at executing it: two if a node was lost in between. */
    public int attempts() {
        return attempts;
    }
}
