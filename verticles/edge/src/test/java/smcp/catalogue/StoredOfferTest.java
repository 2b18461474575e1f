package smcp.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.CatalogueEdition.Listing;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

class StoredOfferTest {
    private static StoredOffer offering(String... tools) {
        return new StoredOffer(
                new CatalogueEdition(
                        new VersionRef(new TenantId("acme"), 1),
                        1,
                        "{\"capabilities\":{\"tools\":{}}}",
                        "{\"name\":\"acme\",\"version\":\"1\"}",
                        new Listing(List.of(tools), 0, "private"),
                        Listing.NONE,
                        Listing.NONE,
                        Listing.NONE),
                true,
                100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"readOnlyHint\":true}                          | true",
                "{\"idempotentHint\":true}                        | true",
                "{\"readOnlyHint\":false,\"idempotentHint\":true} | true",
                "{\"readOnlyHint\":false}                         | false",
                "{\"destructiveHint\":false}                      | false",
                "{\"readOnlyHint\":\"true\"}                      | false",
                "{\"idempotentHint\":1}                           | false",
                "{}                                               | false",
                "[true]                                           | false"
            })
    void aToolIsRepeatableIfItsAnnotationsSaySo(String annotations, boolean repeatable) {
        var offer =
                offering("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"},\"annotations\":" + annotations + "}");
        assertThat(offer.repeatable("t")).isEqualTo(repeatable);
    }

    @Test
    void aToolThatSaysNothingOrIsUnknownIsNotRepeatable() {
        var offer = offering("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}");
        assertThat(offer.repeatable("t")).isFalse();
        assertThat(offer.repeatable("other")).isFalse();
    }
}
