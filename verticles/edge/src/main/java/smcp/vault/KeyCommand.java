package smcp.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import smcp.tenant.Shown;

/**
 * A keyset that a program prints: the command line of a hardware module or of a cloud's key service, which unwraps what the operator keeps. Started directly, never through a shell, so nothing in its arguments is ever
 * interpreted.
 */
record KeyCommand(List<String> argv, Duration timeout) implements KeySource {
    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_COMPLAINT = 300;

    @Override
    public Optional<String> read() throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(argv)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new IOException("vault.command cannot be started: " + e.getMessage(), e);
        }
        try {
            var deadline = System.nanoTime() + timeout.toNanos();
            var printed = reading(process.getInputStream());
            var complaint = reading(process.getErrorStream());
            var keyset = within(printed, deadline);
            if (!process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw late();
            }
            if (process.exitValue() != 0) {
                throw new IOException("vault.command " + argv.getFirst() + " ended with " + process.exitValue() + ": "
                        + shown(within(complaint, deadline)));
            }
            if (keyset.length > MOST_BYTES) {
                throw new IOException("vault.command " + argv.getFirst() + " printed more than " + MOST_BYTES
                        + " bytes: that is no keyset");
            }
            return Optional.of(new String(keyset, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while vault.command ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Both pipes are read at once: a program that fills one of them would otherwise wait for ever. */
    private static CompletableFuture<byte[]> reading(InputStream in) {
        var read = new CompletableFuture<byte[]>();
        Thread.ofVirtual().name("smcp-vault-command").start(() -> {
            try (in) {
                read.complete(in.readNBytes(MOST_BYTES + 1));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        return read;
    }

    private byte[] within(CompletableFuture<byte[]> read, long deadline) throws IOException, InterruptedException {
        try {
            return read.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            throw new IOException("what vault.command printed cannot be read", e.getCause());
        }
    }

    private IOException late() {
        return new IOException(
                "vault.command " + argv.getFirst() + " did not end within " + timeout + " (vault.commandTimeout)");
    }

    private static String shown(byte[] complaint) {
        var text = new String(complaint, 0, Math.min(complaint.length, MOST_COMPLAINT), StandardCharsets.UTF_8).strip();
        return text.isEmpty()
                ? "it says nothing"
                : Shown.of(text.lines().findFirst().orElse(text));
    }

    @Override
    public void write(String keyset) {
        throw new UnsupportedOperationException(
                "add a new key to the keyset that vault.command prints"
                        + " (smcp vault keygen --add) for every node, make it primary (smcp vault keygen --promote), and say this again");
    }

    @Override
    public String toString() {
        return "command " + argv.getFirst();
    }
}
