// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.wire.RelayUrl.Scheme;
import dev.contrail.wire.RelayUrl.Watched;
import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayUrlTest {
    @ParameterizedTest
    @CsvSource({
        "net://h, NET, h, 0, 0, ''",
        "NET4://h.example/, NET4, h.example, 0, 0, ''",
        "net://127.0.0.1:1/a/b/, NET, 127.0.0.1, 1, 0, a/b/",
        "net://h:1:65535/p, NET, h, 1, 65535, p",
        "net://h:/p, NET, h, 0, 0, p",
        "net://h::2/p:q, NET, h, 0, 2, p:q",
        "net6://[::1], NET6, ::1, 0, 0, ''",
        "net6://[fe80::1%eth0]:7:8/a/b, NET6, fe80::1%eth0, 7, 8, a/b",
        "tcp://h:5342/p, TCP, h, 5342, 0, p",
        "tcp6://[::1], TCP6, ::1, 0, 0, ''",
    })
    void readsWhatProducersAreTold(
            String url, Scheme scheme, String host, int port, int dataPort, String path)
            throws ParseException {
        assertThat(RelayUrl.parse(url)).isEqualTo(new RelayUrl(scheme, host, port, dataPort, path));
    }

    /// What `lttng create --set-url` of 2.13.9 answered, but for the port that is no number, which
    /// it calls 0.
    @ParameterizedTest
    @CsvSource({
        "foo://x, 0, URI parse unknown protocol foo://x",
        "h:1, 0, URI parse unknown protocol h:1",
        "net://, 6, No address or hostname detected.",
        "net:///p, 6, No address or hostname detected.",
        "net6://::1, 7, No address or hostname detected.",
        "net6://[]:1, 7, No address or hostname detected.",
        "net://h:99999, 8, Invalid port number 99999",
        "net://h:0, 8, Invalid port number 0",
        "net://h:-1, 8, Invalid port number -1",
        "net://h:x/p, 8, Invalid port number x",
        "net://h:1:y, 10, Invalid port number y",
        "net://h:1:2:3/p, 11, Trailing characters not recognized: :3/p",
        "tcp://127.0.0.1:1:2, 17, Trailing characters not recognized: :2",
        "net://token@h, 11, Trailing characters not recognized: @h",
        "net6://[::1]x/p, 12, Trailing characters not recognized: x/p",
        "net6://[::1/p, 7, No address or hostname detected.",
    })
    void saysWhatIsWrongAndWhere(String url, int at, String message) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> RelayUrl.parse(url))
                .withMessage(message)
                .satisfies(e -> assertThat(e.getErrorOffset()).isEqualTo(at));
    }

    @Test
    void readsWhatViewersAreTold() throws ParseException {
        assertThat(RelayUrl.parseLive("net://h:1/host/a.b/my session").watched())
                .contains(new Watched("a.b", "my session"));
        assertThat(RelayUrl.parseLive("net6://[::1]").watched()).isEmpty();
        assertThat(RelayUrl.parseLive("net://h").portOr(RelayUrl.LIVE_PORT)).isEqualTo(5344);
        assertThat(RelayUrl.parseLive("net://h:7/").portOr(RelayUrl.LIVE_PORT)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://h, 0, URI parse unknown protocol tcp://h",
        "net6://fd77::2/p, 7, 'an address of IPv6 stands in brackets: [fd77::2]'",
        "net6://1:2:3:4, 7, 'an address of IPv6 stands in brackets: [1:2:3:4]'",
        "net://h:1:2, 9, Trailing characters not recognized: :2",
        "net://h:1:02/host/a/s:2, 9, Trailing characters not recognized: :02/host/a/s:2",
        "net://h/p, 8, '/p names no session'",
        "net://h/host, 8, '/host names no session'",
        "net://h/host/a, 8, '/host/a names no session'",
        "net://h/host//s, 8, '/host//s names no session'",
        "net://h/host/a/, 8, '/host/a/ names no session'",
        "net://h/host/a/s/t, 8, '/host/a/s/t names no session'",
        "net://h//host/a/s, 8, '//host/a/s names no session'",
    })
    void refusesWhatNoViewerCanFollow(String url, int at, String message) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> RelayUrl.parseLive(url))
                .withMessage(message)
                .satisfies(e -> assertThat(e.getErrorOffset()).isEqualTo(at));
    }

    @Test
    void showsNoToken() {
        assertThat(RelayUrl.shown("net://ct1_c2VjcmV0@h/host/a/s"))
                .isEqualTo("net://TOKEN@h/host/a/s");
        assertThat(RelayUrl.shown("net://h/ct1_x")).isEqualTo("net://h/ct1_x");
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> RelayUrl.parse("nett://ct1_c2VjcmV0@h"))
                .withMessage("URI parse unknown protocol nett://TOKEN@h");
    }
}
