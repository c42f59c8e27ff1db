// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayEndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "net://127.0.0.1, tcp4://127.0.0.1:5342/ [data: 5343]",
        "net://127.0.0.1:7342, tcp4://127.0.0.1:7342/ [data: 5343]",
        "net4://relay:6342:6343/a/b, tcp4://relay:6342/a/b [data: 6343]",
        "net6://[::1]:6342:6343, tcp6://[::1]:6342/ [data: 6343]",
    })
    void showsWhatLttngShowsAndReadsItAgain(String url, String shown) throws ParseException {
        RelayEndpoints endpoints = RelayEndpoints.parse(url);
        assertThat(endpoints).hasToString(shown);
        assertThat(RelayEndpoints.isShown(shown)).isTrue();
        assertThat(RelayEndpoints.parseShown(shown)).isEqualTo(endpoints);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://h, tcp://h:7, tcp4://h:5342/ [data: 7]",
        "tcp://h:6/p, tcp://g, tcp4://h:6/p [data: tcp4://g:5343]",
        "tcp6://[::1], tcp4://h, tcp6://[::1]:5342/ [data: tcp4://h:5343]",
    })
    void takesAUrlForEach(String control, String data, String shown) throws ParseException {
        RelayEndpoints endpoints = RelayEndpoints.parse(control, data);
        assertThat(endpoints).hasToString(shown);
        assertThat(RelayEndpoints.parseShown(shown)).isEqualTo(endpoints);
    }

    @Test
    void takesAddressesForNames() throws ParseException {
        assertThat(RelayEndpoints.parse("net://relay/p").at("10.0.0.1", "10.0.0.2"))
                .hasToString("tcp4://10.0.0.1:5342/p [data: tcp4://10.0.0.2:5343]");
    }

    @Test
    void refusesOneConnectionForTwoAndTwoForOne() {
        assertThatThrownBy(() -> RelayEndpoints.parse("tcp://h"))
                .isInstanceOf(ParseException.class)
                .hasMessageContaining("want net://");
        assertThatThrownBy(() -> RelayEndpoints.parse("net://h", "tcp://h"))
                .isInstanceOf(ParseException.class)
                .hasMessageContaining("want tcp://");
    }

    @ParameterizedTest
    @CsvSource({"/a/directory", "tcp4://h:1/", "tcp4://h:1/ [data: x]", "''"})
    void takesNothingElseForShown(String text) {
        assertThatThrownBy(() -> RelayEndpoints.parseShown(text))
                .isInstanceOf(ParseException.class);
    }
}
