package smcp.node.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a folder. The same files give the same bytes: entries are sorted and carry no times, so that the node can tell that a version was deployed before.
 */
final class PackageFolder {
    /** Never of use to a running tenant, often large, and sometimes secret. */
    static final Set<String> EXCLUDED = Set.of(
            ".git",
            ".hg",
            ".svn",
            ".github",
            "node_modules",
            ".smcp",
            ".idea",
            ".vscode",
            ".DS_Store",
            "Thumbs.db",
            ".env",
            ".npmrc");

    private static final int MOST_FILES = 10_000;
    /** The earliest time a zip can say. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private PackageFolder() {}

    /**
     * Writes the zip.
     *
     * @param included names that are packed although they are excluded otherwise
     */
    static void zip(Path folder, Set<String> included, Path target) {
        if (!Files.isRegularFile(folder.resolve("smcp.json"))) {
            throw new Failure(noPackage(folder));
        }
        try (var zip = new ZipOutputStream(Files.newOutputStream(target))) {
            for (var file : files(folder, included).entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(NO_TIME);
                zip.putNextEntry(entry);
                Files.copy(file.getValue(), zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new Failure("cannot pack " + folder + ": " + Failures.reason(e));
        } catch (UncheckedIOException e) {
            throw new Failure("cannot pack " + folder + ": " + Failures.reason(e.getCause()));
        }
    }

    static String noPackage(Path folder) {
        return folder + " is no package: there is no smcp.json in it";
    }

    /** By their names in the package, sorted. */
    private static Map<String, Path> files(Path folder, Set<String> included) throws IOException {
        var files = new TreeMap<String, Path>();
        List<String> links = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return excluded(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var name = folder.relativize(file).toString().replace('\\', '/');
                if (excluded(file)) {
                    return FileVisitResult.CONTINUE;
                }
                if (attributes.isSymbolicLink()) {
                    links.add(name);
                } else if (attributes.isRegularFile()) {
                    files.put(name, file);
                }
                if (files.size() > MOST_FILES) {
                    throw new Failure(folder + " has more than " + MOST_FILES + " files; bundle the code into fewer");
                }
                return FileVisitResult.CONTINUE;
            }

            private boolean excluded(Path path) {
                var name = path.getFileName();
                return !path.equals(folder)
                        && name != null
                        && (EXCLUDED.contains(name.toString())
                                || name.toString().startsWith(".env."))
                        && !included.contains(name.toString());
            }
        });
        if (!links.isEmpty()) {
            throw new Failure("a package has no links, but " + folder + " has: "
                    + String.join(", ", links.subList(0, Math.min(5, links.size()))));
        }
        return files;
    }
}
