// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @Test
    void readsWhatLttngRelaydTakes() throws ParseException {
        assertThat(ListenAddress.parse("tcp://127.0.0.1:1", 9).toString())
                .isEqualTo("/127.0.0.1:1");
        assertThat(ListenAddress.parse("tcp4://127.0.0.1", 9).getPort()).isEqualTo(9);
        assertThat(ListenAddress.parse("tcp6://[::1]:0", 9).getPort()).isZero();
        assertThat(ListenAddress.parse("tcp6://[::1]:0", 9).getAddress().isLoopbackAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1", "net://h:1", "tcp://", "tcp://h:x", "tcp://h:99999"})
    void refusesWhatIsNoAddress(String url) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(
                        () -> ListenAddress.parse(url.replace("h:99999", "127.0.0.1:99999"), 1));
    }
}
