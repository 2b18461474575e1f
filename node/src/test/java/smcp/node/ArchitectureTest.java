package smcp.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What depends on what. It stands here because only the program sees all classes. */
@AnalyzeClasses(packages = "smcp", importOptions = ArchitectureTest.Program.class)
class ArchitectureTest {
    /** Without the tests of any module, which come as folders or as jars. */
    static final class Program implements ImportOption {
        private static final ImportOption NO_FOLDERS = new ImportOption.DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return NO_FOLDERS.includes(location)
                    && !location.contains("-tests.jar")
                    && !location.contains("test-classes");
        }
    }

    private static final String FEATURES =
            "ingress|gate|catalogue|router|session|modern|runtime|engine|binding|store|control|autoscaler|cache|audit|vault|cluster|peer|console";
    private static final String[] SHARED = {"smcp.contract..", "smcp.protocol..", "smcp.tenant..", "smcp.bus.."};

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("smcp.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FEATURES_MEET_IN_CONTRACT =
            slices().matching("smcp.(" + FEATURES + ")..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule WHAT_IS_SHARED_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAnyPackage(SHARED)
            .should()
            .dependOnClassesThat(inPackages("smcp\\.(" + FEATURES + "|node)(\\..*)?"));

    @ArchTest
    static final ArchRule ONLY_THE_PROGRAM_KNOWS_THE_PROGRAM = noClasses()
            .that()
            .resideOutsideOfPackage("smcp.node..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("smcp.node..");

    @ArchTest
    static final ArchRule TENANTS_NEVER_SEE_THE_PLATFORM = noClasses()
            .that()
            .resideInAnyPackage("smcp.api..", "smcp.runner..")
            .should()
            .dependOnClassesThat(inPackages("(io\\.vertx|io\\.netty|com\\.hazelcast)\\..*")
                    .or(inPackages("smcp\\.(?!api|runner).*")));

    @ArchTest
    static final ArchRule THE_API_DOES_NOT_KNOW_ITS_RUNNER = noClasses()
            .that()
            .resideInAPackage("smcp.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("smcp.runner..");

    @ArchTest
    static final ArchRule NO_FIXTURE_OF_A_TEST_SUITE_IS_KNOWN =
            classes().should(nameNothingOf("test_", "test://", "conformance"));

    private static DescribedPredicate<JavaClass> inPackages(String regex) {
        return DescribedPredicate.describe(
                "are in " + regex, type -> type.getPackageName().matches(regex));
    }

    /** Looks at the whole class file: names, constants and annotations are all text in there (JVMS §4.4.7). */
    private static ArchCondition<JavaClass> nameNothingOf(String... words) {
        return new ArchCondition<>("have none of " + List.of(words) + " among their constants") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var constants = bytes(type);
                for (var word : words) {
                    if (constants.contains(word)) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " names " + word));
                    }
                }
            }
        };
    }

    private static String bytes(JavaClass type) {
        var source = type.getSource().orElseThrow();
        try (InputStream in = source.getUri().toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyPackageIsNullMarked() {
        var classes = imported();
        var unmarked = new TreeSet<String>();
        for (var type : classes) {
            var found = type.getPackage();
            if (!marked(found)) {
                unmarked.add(found.getName());
            }
        }
        assertThat(classes).isNotEmpty();
        assertThat(unmarked).isEmpty();
    }

    private static boolean marked(JavaPackage found) {
        return found.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }

    /** The rules above would also hold for nothing at all. */
    @Test
    void theRulesSeeEveryPartOfTheProgram() {
        var seen = new TreeSet<String>();
        imported().forEach(type -> seen.add(type.getPackageName()));
        assertThat(seen).containsAll(Set.of("smcp.api", "smcp.runner", "smcp.node", "smcp.ingress", "smcp.engine"));
    }

    private static JavaClasses imported() {
        return new ClassFileImporter().withImportOption(new Program()).importPackages("smcp");
    }
}
