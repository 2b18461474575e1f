package smcp.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

class TenantEntryTest {
    private static int chosen(int dice, String region, Share... shares) {
        var tenant = new Tenant(
                new TenantId("acme"), true, Trust.OPERATOR, Limits.Wish.NONE, List.of(shares), 9, Instant.EPOCH);
        var version = new TenantEntry(tenant, Map.of(), Map.of()).choose(dice, region);
        return version == null ? 0 : version.number();
    }

    @Test
    void theSharesDivideTheDice() {
        var shares = new Share[] {new Share(1, 90, null), new Share(2, 10, null)};
        assertThat(chosen(0, "eu", shares)).isEqualTo(1);
        assertThat(chosen(89, "eu", shares)).isEqualTo(1);
        assertThat(chosen(90, "eu", shares)).isEqualTo(2);
        assertThat(chosen(99, "eu", shares)).isEqualTo(2);
        assertThat(chosen(99, "eu", Share.all(3))).isEqualTo(3);
    }

    @Test
    void sharesOfARegionReplaceTheGeneralOnesThere() {
        var shares = new Share[] {Share.all(1), new Share(2, 100, "us")};
        assertThat(chosen(50, "us", shares)).isEqualTo(2);
        assertThat(chosen(50, "eu", shares)).isEqualTo(1);
    }

    @Test
    void sharesOfOtherRegionsAloneAreNoneHere() {
        assertThat(chosen(50, "eu", new Share(2, 100, "us"))).isZero();
        assertThat(chosen(50, "eu", new Share(2, 50, "us"), new Share(3, 50, "asia")))
                .isZero();
        assertThat(chosen(50, "eu")).isZero();
    }
}
