package smcp.control.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Packages;
import smcp.tenant.Manifest;

/** Packages in memory; real zips with a real {@code smcp.json}. */
public final class MemoryPackages implements Packages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();

    /** A package of engine {@code js} whose bytes depend on {@code name}. */
    public static byte[] js(String name) {
        return zip("{\"name\":\"%s\",\"engine\":\"js\",\"entry\":\"main.js\"}".formatted(name));
    }

    /** A package of engine {@code verticle}. */
    public static byte[] verticle(String name) {
        return zip("{\"name\":\"%s\",\"engine\":\"verticle\",\"entry\":\"demo.Main\"}".formatted(name));
    }

    public static byte[] zip(String manifest) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("smcp.json");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Future<Kept> keep(Path upload) {
        try {
            var bytes = Files.readAllBytes(upload);
            var manifest = manifest(bytes);
            var hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            kept.put(hash, bytes);
            return Future.succeededFuture(new Kept(hash, bytes.length, manifest));
        } catch (IOException | NoSuchAlgorithmException e) {
            return Future.failedFuture(new Fault(Kind.PACKAGE_INVALID, String.valueOf(e.getMessage()), e));
        }
    }

    private static Manifest manifest(byte[] bytes) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("smcp.json")) {
                    return JSON.readValue(zip.readAllBytes(), Manifest.class);
                }
            }
        }
        throw new IOException("the package has no smcp.json");
    }

    @Override
    public Future<Path> root(String hash) {
        return Future.failedFuture(new Fault(Kind.NOT_FOUND, "nothing is unpacked here"));
    }

    @Override
    public Future<Void> forget(String hash) {
        kept.remove(hash);
        return Future.succeededFuture();
    }

    public Set<String> hashes() {
        return Set.copyOf(kept.keySet());
    }
}
