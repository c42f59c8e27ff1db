// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RelayTokenTest {
    private static RelayToken token() {
        byte[] fingerprint = new byte[RelayToken.FINGERPRINT_BYTES];
        byte[] secret = new byte[RelayToken.SECRET_BYTES];
        Arrays.fill(fingerprint, (byte) 0xA5);
        Arrays.fill(secret, (byte) 0x5A);
        return new RelayToken(fingerprint, 0x0123456789abcdefL, secret);
    }

    @Test
    void isReadAsItIsWritten() throws ParseException {
        String text = token().text();

        assertThat(text).matches("ct1_[A-Za-z0-9_-]+").hasSize(95);
        assertThat(RelayToken.parse(text)).isEqualTo(token());
        assertThat(RelayUrl.parse("net://" + text + "@host:1/path"))
                .isEqualTo(new RelayUrl(RelayUrl.Scheme.NET, "host", 1, 0, "path").with(token()));
    }

    @Test
    void doesNotTellItsSecret() throws ParseException {
        RelayUrl url = RelayUrl.parse("net://" + token().text() + "@host");

        assertThat(url.toString()).contains("123456789abcdef").doesNotContain("ct1_");
        assertThat(RelayEndpoints.parse("net://" + token().text() + "@host").toString())
                .isEqualTo("tcp4://host:5342/ [data: 5343]");
    }

    @Test
    void isNotTakenWhereACharacterIsAnother() {
        String text = token().text();
        for (int i = 4; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String damaged = text.substring(0, i) + other + text.substring(i + 1);

            assertThatThrownBy(() -> RelayToken.parse(damaged))
                    .isInstanceOf(ParseException.class)
                    .hasMessageContaining("--enrol")
                    .hasMessageNotContaining(damaged);
        }
    }

    @Test
    void isNotAnyName() {
        assertThatThrownBy(() -> RelayUrl.parse("net://ct1_user@host"))
                .hasMessageContaining("is no whole token");
    }
}
