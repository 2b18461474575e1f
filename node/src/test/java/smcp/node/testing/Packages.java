package smcp.node.testing;

import com.example.probe.Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packages to deploy: the probe tenant in both languages, with a mark by which an answer tells which package it came from, and samples. */
public final class Packages {
    private Packages() {}

    public static byte[] js(String mark) throws IOException {
        return js(mark, resource("/probe-js/server.mjs").replace("@MARK@", mark));
    }

    /** @param source of the entry */
    public static byte[] js(String mark, String source) throws IOException {
        return zip(Map.of("smcp.json", text(manifest("js", "server.mjs", mark)), "server.mjs", text(source)));
    }

    public static byte[] java(String mark) throws IOException {
        var entries = jar(manifest("verticle", Probe.class.getName(), mark));
        entries.put("mark.txt", text(mark));
        var classes = classes();
        try (var found = Files.walk(classes.resolve("com/example/probe"))) {
            for (var file : found.filter(Files::isRegularFile).sorted().toList()) {
                entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return zip(entries);
    }

    /** The least that makes a jar of a zip, and a package of a jar. */
    public static Map<String, byte[]> jar(String manifest) {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("META-INF/MANIFEST.MF", text("Manifest-Version: 1.0\n"));
        entries.put("smcp.json", text(manifest));
        return entries;
    }

    /** By engine: {@code js} or {@code java}. */
    public static byte[] probe(String engine, String mark) throws IOException {
        return engine.equals("js") ? js(mark) : java(mark);
    }

    public static String manifest(String engine, String entry, String mark) {
        return """
            {"name":"probe","version":"%s","engine":"%s","entry":"%s"}\
            """.formatted(mark, engine, entry);
    }

    /** A jar that the build made earlier. */
    public static byte[] sampleJar(String name) throws IOException {
        var file = samples().resolve(name).resolve("target").resolve(name + ".jar");
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is missing: the build makes it in its package phase");
        }
        return Files.readAllBytes(file);
    }

    /** A folder of the samples. */
    public static byte[] sampleFolder(String name) throws IOException {
        var folder = samples().resolve(name);
        var entries = new LinkedHashMap<String, byte[]>();
        try (var found = Files.list(folder)) {
            for (var file : found.filter(Files::isRegularFile).sorted().toList()) {
                entries.put(Objects.toString(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return zip(entries);
    }

    private static Path samples() {
        return Path.of(Objects.requireNonNull(System.getProperty("smcp.samples"), "smcp.samples is set by the build"));
    }

    public static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Packages.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path classes() {
        try {
            return Path.of(Probe.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
