package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;

class S3KeysTest {
    private static final String SPACE = "tenant-shop";

    private final S3Keys keys = new S3Keys("smcp");

    private String key(String name) {
        return keys.key(new BlobKey(SPACE, name));
    }

    private static String name(Random random) {
        var name = new StringBuilder();
        var length = 1 + random.nextInt(random.nextInt(10) == 0 ? 128 : 6);
        for (var i = 0; i < length; i++) {
            name.appendCodePoint(
                    switch (random.nextInt(6)) {
                        case 0 -> 0x20 + random.nextInt(0x5f);
                        case 1 -> 'a';
                        case 2 -> '/';
                        case 3 -> 0xe000 + random.nextInt(0x1fff);
                        case 4 -> 0x1f600 + random.nextInt(50);
                        default -> 0xa0 + random.nextInt(0x700);
                    });
        }
        return name.toString();
    }

    @Test
    void aBucketListsNamesInTheirOrderAndKeysAreReadBack() {
        for (var seed = 0L; seed < 50; seed++) {
            var random = new Random(seed);
            var names = new ArrayList<String>();
            for (var i = 0; i < 100; i++) {
                names.add(name(random));
            }
            var prefix = names.getFirst().substring(0, names.getFirst().offsetByCodePoints(0, 1));
            names.sort(Utf8::compare);
            assertThat(names.stream().map(this::key))
                    .as("seed %d", seed)
                    .isSortedAccordingTo(Comparator.naturalOrder());
            assertThat(names).as("seed %d", seed).allSatisfy(name -> {
                assertThat(keys.name(SPACE, key(name))).contains(name);
                assertThat(key(name)).matches("smcp/tenant-shop/([0-9a-v]{200}/)*[0-9a-v]{0,200}!");
                if (name.startsWith(prefix)) {
                    assertThat(key(name)).startsWith(keys.beginning(SPACE, prefix));
                    assertThat(key(name)).isGreaterThan(keys.before(SPACE, prefix));
                } else if (Utf8.compare(name, prefix) < 0) {
                    assertThat(key(name)).isLessThan(keys.before(SPACE, prefix));
                }
            });
        }
    }

    @Test
    void theLongestNameFitsIntoAKey() {
        var longest = new S3Keys("p".repeat(64))
                .key(new BlobKey("s".repeat(80), "\u00ff".repeat(BlobStore.LONGEST_NAME / 2)));
        assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1_024);
        assertThat(longest.split("/", -1)).allSatisfy(part -> assertThat(part).hasSizeBetween(1, 255));
    }

    @Test
    void noKeyIsThePathOfAnother() {
        var text = "x".repeat(BlobStore.LONGEST_NAME);
        for (var i = 1; i < text.length(); i++) {
            assertThat(key(text)).doesNotStartWith(key(text.substring(0, i)) + "/");
        }
    }

    @Test
    void keysOfOthersAreNoNames() {
        for (var key : new String[] {
            "smcp/tenant-shop/!",
            "smcp/tenant-shop/hello",
            "smcp/tenant-shop/w!",
            "smcp/other/64!",
            "smcp/tenant-shop/65!"
        }) {
            assertThat(keys.name(SPACE, key)).as(key).isEmpty();
        }
    }
}
