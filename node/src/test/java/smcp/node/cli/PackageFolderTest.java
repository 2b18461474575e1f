package smcp.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageFolderTest {
    @TempDir
    Path directory = Path.of("");

    private Path folder = Path.of("");

    @BeforeEach
    void aFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("demo"));
        for (var file : new String[] {
            "smcp.json",
            "main.js",
            "lib/a.js",
            ".git/config",
            "node_modules/x/index.js",
            ".env",
            ".env.local",
            "lib/.DS_Store"
        }) {
            var path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
    }

    @Test
    void whatATenantDoesNotNeedStaysBehind() throws IOException {
        assertThat(names(Set.of())).containsExactlyInAnyOrder("smcp.json", "main.js", "lib/a.js");
        assertThat(names(Set.of("node_modules")))
                .contains("node_modules/x/index.js")
                .doesNotContain(".env");
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws IOException {
        var one = directory.resolve("one.zip");
        var two = directory.resolve("two.zip");
        PackageFolder.zip(folder, Set.of(), one);
        Files.setLastModifiedTime(folder.resolve("main.js"), FileTime.fromMillis(0));
        PackageFolder.zip(folder, Set.of(), two);

        assertThat(two).hasSameBinaryContentAs(one);
    }

    @Test
    void linksAndFoldersThatAreNoPackagesAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.js"), Path.of("main.js"));

        assertThatThrownBy(() -> names(Set.of())).hasMessageContaining("link.js");
        assertThatThrownBy(() -> PackageFolder.zip(directory, Set.of(), directory.resolve("x.zip")))
                .hasMessageContaining("no smcp.json");
    }

    private Set<String> names(Set<String> included) throws IOException {
        var target = directory.resolve("out.zip");
        PackageFolder.zip(folder, included, target);
        try (var zip = new ZipFile(target.toFile())) {
            return Set.copyOf(zip.stream().map(entry -> entry.getName()).toList());
        }
    }
}
