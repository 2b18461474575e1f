package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.api.ListKind;
import smcp.api.ServerInfo;
import smcp.runner.Host.Heard;
import smcp.runner.Host.RequestOf;

/** A tenant that is closed and forgotten leaves nothing behind that would keep its class loader alive. */
class HygieneTest {
    private static final int TENANTS = 200;

    /** Uses all that caches by class: records in and out, enums, annotations of its own, forms, once, typed prompts. */
    private static final String SOURCE = """
            package com.example.tenant;
            import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
            import com.fasterxml.jackson.annotation.JsonPropertyDescription;
            import com.fasterxml.jackson.annotation.JsonTypeInfo;
            import com.fasterxml.jackson.annotation.JsonSubTypes;
            import java.util.*;
            import smcp.api.*;
            public final class Server implements TenantServer {
                @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
                @JacksonAnnotationsInside @interface Own {}
                enum Colour { RED, GREEN }
                public record Inner(@Own String s, Colour c) {}
                public record In(@Minimum(1) int n, Optional<Inner> inner, List<Inner> list, @Default("3") int d) {}
                public record Out(int n, Map<String, Inner> map) {}
                @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
                @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
                public sealed interface Figure {}
                public record Circle(double r) implements Figure {}
                public record Figures(List<Figure> all) {}
                public record Form(String name, Colour colour) {}
                public record Args(String a, Optional<Colour> c) {}
                @Override public void configure(Mcp mcp) {
                    mcp.tool("work").input(In.class).output(Out.class).inline()
                        .handle((in, call) -> new Out(in.n() + in.d(), Map.of("k", new Inner("s", Colour.RED))));
                    mcp.tool("figures").input(Figures.class).handle((in, call) -> in);
                    mcp.tool("ask").handle((in, call) -> {
                        var kept = call.once("k", Inner.class, () -> new Inner("x", Colour.GREEN));
                        return call.elicit("f", Elicitation.form("?", Form.class)).toString() + kept;
                    });
                    mcp.tool("fail").handle((in, call) -> { throw new Mine("no"); });
                    mcp.prompt("p").arguments(Args.class).handle((args, call) -> PromptResult.user(args.toString()));
                }
                static final class Mine extends RuntimeException { Mine(String m) { super(m); } }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void twoHundredTenantsComeAndGoWithoutALoaderLeft() throws Exception {
        var jar = jar();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) loaders.add(liveAndDie(jar));

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders.stream().filter(loader -> loader.get() != null).count())
                    .isZero();
        });
    }

    private static WeakReference<ClassLoader> liveAndDie(URL jar) throws Exception {
        try (var loader = new URLClassLoader(new URL[] {jar}, HygieneTest.class.getClassLoader());
                var runner = Runner.start(
                        loader,
                        new StartRequest("com.example.tenant.Server", new ServerInfo("t", "1", null), null),
                        new Silent())) {
            assertThat(runner.discover()).isNotEmpty();
            assertThat(runner.list(CatalogueList.TOOLS)).isNotEmpty();
            var list = "[{\"s\":\"a\",\"c\":\"RED\"}]";
            assertThat(run(runner, RequestOf.tool("work", "{\"n\":1,\"list\":" + list + "}"))
                            .result()
                            .at("/structuredContent/n")
                            .asInt())
                    .isEqualTo(4);
            assertThat(run(runner, RequestOf.tool("work", "{\"n\":0,\"list\":" + list + "}"))
                            .isError())
                    .isTrue();
            assertThat(run(runner, RequestOf.tool("figures", "{\"all\":[{\"kind\":\"circle\",\"r\":1}]}"))
                            .text())
                    .contains("circle");
            var ask = RequestOf.tool("ask", "{}").able("{\"elicitation\":{}}");
            var state = Host.JSON.valueToTree(run(runner, ask).state).toString();
            assertThat(run(
                                    runner,
                                    ask.with("requestState", state)
                                            .with(
                                                    "inputResponses",
                                                    "{\"f\":{\"action\":\"accept\",\"content\":{\"name\":\"a\",\"colour\":\"RED\"}}}"))
                            .text())
                    .contains("GREEN");
            assertThat(run(runner, RequestOf.tool("fail", "{}")).text()).isEqualTo("no");
            assertThat(run(
                                    runner,
                                    RequestOf.of("prompts/get", "name", "p")
                                            .with("arguments", "{\"a\":\"x\",\"c\":\"RED\"}"))
                            .result()
                            .isObject())
                    .isTrue();
            return new WeakReference<>(loader);
        }
    }

    private static Heard run(Runner runner, RequestOf request) {
        var heard = new Heard();
        runner.call(request.build(), heard).run();
        return heard;
    }

    /** Keeps nothing: an exception would keep its class. */
    private static final class Silent implements Outbound {
        @Override
        public void listChanged(ListKind kind) {}

        @Override
        public void resourceUpdated(String uri) {}

        @Override
        public void tenantFailed(String what, Throwable cause) {}
    }

    private URL jar() throws IOException {
        var source =
                Files.createDirectories(folder.resolve("com/example/tenant")).resolve("Server.java");
        Files.writeString(source, SOURCE);
        var compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.resolve("out").toString(),
                source.toString());
        assertThat(status).isZero();
        var jar = folder.resolve("tenant.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var classes = Files.walk(folder.resolve("out"))) {
            for (var file : classes.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(folder.resolve("out").relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
            out.putNextEntry(new JarEntry("smcp.json"));
            out.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        return jar.toUri().toURL();
    }
}
