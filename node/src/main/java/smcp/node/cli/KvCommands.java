package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import smcp.contract.ValueStore;

/** {@code smcp kv …}: what a tenant keeps. */
final class KvCommands {
    private KvCommands() {}

    /** Path of a value. The two keys that a path would take for directions stand in it in base64. */
    static String value(String tenant, String key) {
        return place(tenant, "kv", key);
    }

    /** @param kind of what the tenant keeps, as a part of the path */
    static String place(String tenant, String kind, String key) {
        var path = AdminApi.tenant(tenant) + "/" + kind + "/";
        return key.equals(".") || key.equals("..")
                ? path + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8))
                        + "?keyEncoding=base64url"
                : path + AdminApi.segment(key);
    }

    @Command(name = "list", description = "List a tenant's keys.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin with this")
        String prefix = "";

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(
                    Pages.all(api, AdminApi.tenant(tenant) + "/kv?prefix=" + AdminApi.encoded(prefix), "values"),
                    KvCommands::table));
        }
    }

    private static String table(JsonNode values) {
        var table = new Table("KEY", "BYTES", "VERSION", "EXPIRES");
        values.forEach(value -> table.row(
                value.path("key").asText(),
                value.path("bytes").asText(),
                value.path("version").asText(),
                value.path("expires").asText("never")));
        return table.isEmpty() ? "there are no such keys" : table.toString();
    }

    @Command(
            name = "get",
            description = "Print a value, or write it to a file as it is.",
            mixinStandardHelpOptions = true)
    static final class Get implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "KEY")
        String key = "";

        @Option(names = "--out", paramLabel = "FILE", description = "Where to write the value; needed if it is no text")
        @Nullable
        Path out;

        Get(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var bytes = api.bytes(value(tenant, key));
                if (out != null) {
                    write(remote.around().directory().resolve(out), bytes);
                } else if (remote.json) {
                    remote.print(asJson(bytes), JsonNode::toString);
                } else {
                    var text = text(bytes);
                    if (text == null) {
                        throw new Failure(
                                "the value is no text (" + bytes.length + " bytes): --out FILE writes it to a file");
                    }
                    remote.out().println(remote.around().interactive() ? Shown.text(text) : text);
                }
            });
        }

        private JsonNode asJson(byte[] bytes) {
            var text = text(bytes);
            var answer = AdminApi.JSON.createObjectNode().put("key", key).put("bytes", bytes.length);
            return text == null ? answer.put("base64", bytes) : answer.put("value", text);
        }

        /** @return null for what is no text */
        private static @Nullable String text(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        private static void write(Path file, byte[] bytes) {
            try {
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new Failure("cannot write " + file + ": " + Failures.reason(e));
            }
        }
    }

    @Command(name = "put", description = "Write a value, within the tenant's limits.", mixinStandardHelpOptions = true)
    static final class Put implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "KEY")
        String key = "";

        @Parameters(
                index = "2",
                paramLabel = "VALUE",
                arity = "0..1",
                description = "The value, unless --file names one")
        @Nullable
        String value;

        @Option(names = "--file", paramLabel = "FILE", description = "A file whose bytes are the value")
        @Nullable
        Path file;

        @Option(names = "--ttl", paramLabel = "SECONDS", description = "When it expires. Default: never")
        @Nullable
        Integer ttl;

        @Option(names = "--if-version", paramLabel = "N", description = "Only in place of this version")
        @Nullable
        Long version;

        @Option(names = "--if-absent", description = "Only if the key has no value")
        boolean absent;

        Put(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            if ((value == null) == (file == null)) {
                throw remote.usage("say either VALUE or --file");
            }
            if (absent && version != null) {
                throw remote.usage("--if-version and --if-absent exclude each other");
            }
            return remote.run(api -> {
                var path = value(tenant, key);
                var at = ttl == null ? path : path + (path.contains("?") ? "&" : "?") + "ttl=" + ttl;
                var answer = api.putBytes(at, content(), condition());
                remote.print(
                        answer,
                        made -> "written as version " + made.path("version").asText());
            });
        }

        private String @Nullable [] condition() {
            if (absent) {
                return new String[] {"If-None-Match", "*"};
            }
            return version == null ? null : new String[] {"If-Match", "\"" + version + "\""};
        }

        private byte[] content() {
            if (file == null) {
                return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
            }
            // whatever it is, a device without an end included, no more is read than a value may have
            try (var in = Files.newInputStream(remote.around().directory().resolve(file))) {
                var content = in.readNBytes(ValueStore.LONGEST_VALUE + 1);
                if (content.length > ValueStore.LONGEST_VALUE) {
                    throw new Failure(file + " is longer than a value may be: " + ValueStore.LONGEST_VALUE
                            + " bytes; smcp blob put takes more");
                }
                return content;
            } catch (IOException e) {
                throw new Failure("cannot read " + file + ": " + Failures.reason(e));
            }
        }
    }

    @Command(name = "delete", description = "Remove a value.", mixinStandardHelpOptions = true)
    static final class Delete implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "KEY")
        String key = "";

        Delete(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                api.remove(value(tenant, key));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("deleted", key),
                        _ -> "key " + Shown.line(key) + " is deleted");
            });
        }
    }
}
