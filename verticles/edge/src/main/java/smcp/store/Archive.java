package smcp.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import smcp.bus.Fault;
import smcp.tenant.EngineKind;
import smcp.tenant.Manifest;

/**
 * An uploaded package, open. {@link #inspect} looks at everything that can be wrong with it, down to the content of every file, before any of it is kept; {@link #unpack} goes by the same limits, so a file that was kept under older ones
 * is measured again.
 */
final class Archive implements AutoCloseable {
    private static final String JAR_MANIFEST = "META-INF/MANIFEST.MF";

    private final ZipFile zip;
    private final PackageLimits limits;
    private final List<? extends ZipEntry> entries;
    private long unpacked;

    private Archive(ZipFile zip, PackageLimits limits) {
        this.zip = zip;
        this.limits = limits;
        this.entries = zip.stream().toList();
    }

    /** Opens {@code file} and checks its directory: number, names and kinds of the entries. */
    static Archive open(Path file, PackageLimits limits) throws IOException {
        signature(file);
        var headers = CentralDirectory.read(file, limits.maxEntries() + 1);
        if (headers.size() > limits.maxEntries()) {
            throw tooMany(limits);
        }
        try {
            var archive = new Archive(new ZipFile(file.toFile()), limits);
            try {
                archive.compare(headers);
                archive.names(headers);
                return archive;
            } catch (Fault e) {
                archive.close();
                throw e;
            }
        } catch (ZipException e) {
            throw Invalid.because("not a sound zip: " + e.getMessage());
        }
    }

    private static void signature(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var head = in.readNBytes(4);
            var local = head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
            var empty = head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 5 && head[3] == 6;
            if (!local && !empty) {
                throw Invalid.because("a package must be a zip or a jar, this begins with bytes "
                        + HexFormat.of().formatHex(head));
            }
        }
    }

    private static Fault tooMany(PackageLimits limits) {
        return Invalid.because("a package must have at most " + limits.maxEntries() + " entries, this has more");
    }

    private void compare(List<CentralDirectory.Header> headers) {
        var same = headers.size() == entries.size();
        for (var i = 0; same && i < entries.size(); i++) {
            same = headers.get(i).name().equals(entries.get(i).getName());
        }
        if (!same) {
            throw Invalid.because("not a sound zip: it can be read in more than one way");
        }
    }

    private void names(List<CentralDirectory.Header> headers) {
        var names = new EntryNames(limits.maxNameBytes());
        for (var header : headers) {
            names.add(header.name());
            if (header.special()) {
                throw Invalid.entry(
                        header.name(), "is a link or another special file, only files and directories are allowed");
            }
        }
    }

    /** Reads all of it and answers its manifest. */
    Manifest inspect() throws IOException {
        var manifest = manifest();
        for (var entry : entries) {
            if (!entry.isDirectory()) {
                copy(entry, OutputStream.nullOutputStream());
            }
        }
        if (manifest.engine() == EngineKind.JS && !isFile(plain(manifest.entry()))) {
            throw Invalid.because(
                    ManifestReader.NAME + ": entry " + Text.shown(manifest.entry()) + " is not a file of the package");
        }
        return manifest;
    }

    private Manifest manifest() throws IOException {
        var entry = zip.getEntry(ManifestReader.NAME);
        if (entry == null || entry.isDirectory()) {
            throw Invalid.because("the package has no " + ManifestReader.NAME + " at its root" + nested());
        }
        if (entry.getSize() > limits.maxManifestBytes()) {
            throw Invalid.because(ManifestReader.NAME + " must have at most " + limits.maxManifestBytes()
                    + " bytes, got " + entry.getSize());
        }
        var bytes = new ByteArrayOutputStream();
        copy(entry, bytes);
        unpacked = 0;
        return ManifestReader.read(bytes.toByteArray());
    }

    private String nested() {
        return entries.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith("/" + ManifestReader.NAME) && name.indexOf('/') == name.lastIndexOf('/'))
                .findFirst()
                .map(name -> ", only " + Text.shown(name) + ": pack what is in the directory, not the directory")
                .orElse("");
    }

    /** Module paths are often written {@code ./main.js}. */
    private static String plain(String path) {
        return path.startsWith("./") ? path.substring(2) : path;
    }

    private boolean isFile(String name) {
        var entry = zip.getEntry(name);
        return entry != null && !entry.isDirectory() && entry.getName().equals(name);
    }

    /** Is it a jar, which an engine may load as it is? */
    boolean isJar() {
        return zip.getEntry(JAR_MANIFEST) != null;
    }

    /** Writes all files under {@code root}, which is empty. */
    void unpack(Path root) throws IOException {
        for (var entry : entries) {
            var target = root.resolve(entry.getName()).normalize();
            if (!target.startsWith(root)) {
                throw Invalid.entry(
                        entry.getName(), "leads out of the package"); // the names were checked; twice is cheap
            }
            if (entry.isDirectory()) {
                DataDir.privateDirectory(target);
            } else {
                var parent = target.getParent();
                if (parent != null) {
                    DataDir.privateDirectory(parent);
                }
                DataDir.privateFile(target);
                try (var out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
                    copy(entry, out);
                }
            }
        }
    }

    private void copy(ZipEntry entry, OutputStream out) throws IOException {
        var crc = new CRC32();
        var length = 0L;
        try (var in = zip.getInputStream(entry)) {
            var buffer = new byte[16 << 10];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                unpacked += read;
                measure(entry, length);
                crc.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (ZipException | EOFException e) {
            throw Invalid.entry(entry.getName(), "is damaged: " + e.getMessage());
        }
        if (length != entry.getSize() || crc.getValue() != entry.getCrc()) {
            throw Invalid.entry(entry.getName(), "is damaged: it is not what its checksum says");
        }
    }

    private void measure(ZipEntry entry, long length) {
        if (unpacked > limits.maxUnpackedBytes()) {
            throw Invalid.entry(
                    entry.getName(),
                    "brings the unpacked package over the limit of " + limits.maxUnpackedBytes() + " bytes");
        }
        if (length > PackageLimits.RATIO_FROM && length / limits.maxRatio() > Math.max(1, entry.getCompressedSize())) {
            throw Invalid.entry(
                    entry.getName(), "unpacks to more than " + limits.maxRatio() + " times its packed length");
        }
        if (length > entry.getSize()) {
            throw Invalid.entry(entry.getName(), "is longer than the " + entry.getSize() + " bytes it declares");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
