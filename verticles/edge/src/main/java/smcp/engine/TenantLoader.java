package smcp.engine;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.tenant.VersionRef;

/** The classes of one package inside the node. It sees the JDK, the tenant API and what stands in the API's signatures; nothing else of the node, so that a tenant may bring its own version of any library. */
final class TenantLoader extends URLClassLoader {
    static {
        ClassLoader.registerAsParallelCapable();
        // Cached, one open jar is shared by all loaders of its path, and closed under the others by the first that is
        // closed.
        URLConnection.setDefaultUseCaches("jar", false);
    }

    private TenantLoader(VersionRef version, URL[] urls) {
        super("tenant " + version, urls, Shared.PARENT);
    }

    /** {@code package.jar} and {@code lib/*.jar} of an unpacked package. */
    static TenantLoader of(VersionRef version, Path root) throws IOException {
        var jars = new ArrayList<Path>(List.of(root.resolve("package.jar")));
        if (!Files.isRegularFile(jars.getFirst())) {
            throw new IOException("the package has no package.jar");
        }
        var lib = root.resolve("lib");
        if (Files.isDirectory(lib)) {
            try (var found = Files.newDirectoryStream(lib, "*.jar")) {
                found.forEach(jars::add);
            }
        }
        jars.subList(1, jars.size()).sort(null);
        var urls = new URL[jars.size()];
        for (var i = 0; i < urls.length; i++) {
            urls[i] = url(jars.get(i));
        }
        return new TenantLoader(version, urls);
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toAbsolutePath().toUri().toURL();
    }

    /** What every tenant shares with the node. */
    private static final class Shared extends ClassLoader {
        static {
            ClassLoader.registerAsParallelCapable();
        }

        static final Shared PARENT = new Shared();
        private static final List<String> PACKAGES = List.of("smcp.api.", "com.fasterxml.jackson.", "org.jspecify.");

        private final @Nullable ClassLoader node = TenantLoader.class.getClassLoader();

        private Shared() {
            super("smcp tenant api", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (PACKAGES.stream().anyMatch(name::startsWith)) {
                return Class.forName(name, false, node);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
