// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.text.ParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two places of a relay that a producer connects to, and the directory that it asks for there.
///
/// As text it is what LTTng shows of a session that goes to a relay, and [#parseShown] reads that
/// again: `tcp4://127.0.0.1:5342/PATH [data: 5343]`. Where the data go to another host than the
/// commands, which LTTng does not show, the brackets have its URL. Tokens are not in it.
///
/// @param control its path is the directory asked for, usually empty
/// @param data its path means nothing
public record RelayEndpoints(RelayUrl control, RelayUrl data) {
    private static final Pattern SHOWN =
            Pattern.compile("(?<control>tcp[46]://\\S+) \\[data: (?<data>\\S+)\\]", Pattern.DOTALL);

    /// Those of one URL for both, `net://HOST[:CONTROL_PORT[:DATA_PORT]][/PATH]`.
    ///
    /// @throws ParseException in LTTng's words where it has some
    public static RelayEndpoints parse(String url) throws ParseException {
        RelayUrl both = RelayUrl.parse(url);
        if (!both.scheme().isPair()) {
            throw new ParseException(
                    url + " is one connection, and a relay has two: want net://, or a URL for each",
                    0);
        }
        return new RelayEndpoints(
                one(both, both.portOr(RelayUrl.CONTROL_PORT), both.path()),
                one(both, both.dataPortOrUsual(), ""));
    }

    /// Those of a URL for each, `tcp://HOST[:PORT][/PATH]`.
    ///
    /// @throws ParseException in LTTng's words where it has some
    public static RelayEndpoints parse(String controlUrl, String dataUrl) throws ParseException {
        RelayUrl control = single(controlUrl);
        RelayUrl data = single(dataUrl);
        return new RelayEndpoints(
                one(control, control.portOr(RelayUrl.CONTROL_PORT), control.path()),
                one(data, data.portOr(RelayUrl.DATA_PORT), ""));
    }

    /// Whether a session's output, as it is shown, is a relay and not a directory, which begins
    /// with `/`.
    public static boolean isShown(String output) {
        return output.startsWith("tcp4://") || output.startsWith("tcp6://");
    }

    /// Reads what [#toString] has made.
    ///
    /// @throws ParseException when it is something else
    public static RelayEndpoints parseShown(String shown) throws ParseException {
        Matcher parts = SHOWN.matcher(shown);
        if (!parts.matches()) {
            throw new ParseException(
                    shown + ", want tcp4://HOST:PORT/PATH [data: PORT], or tcp6", 0);
        }
        RelayUrl control = RelayUrl.parse(parts.group("control"));
        String data = parts.group("data");
        if (data.contains("://")) {
            return new RelayEndpoints(control, RelayUrl.parse(data));
        }
        String place = bare(control, "");
        return new RelayEndpoints(control, RelayUrl.parse(place + ":" + data));
    }

    /// The same with other hosts, such as the addresses that their names stand for.
    public RelayEndpoints at(String controlHost, String dataHost) {
        return new RelayEndpoints(
                new RelayUrl(
                        control.scheme(),
                        control.token(),
                        controlHost,
                        control.port(),
                        0,
                        control.path()),
                new RelayUrl(data.scheme(), data.token(), dataHost, data.port(), 0, ""));
    }

    private static RelayUrl single(String url) throws ParseException {
        RelayUrl one = RelayUrl.parse(url);
        if (one.scheme().isPair()) {
            throw new ParseException(url + " is both connections: want tcp:// for one", 0);
        }
        return one;
    }

    private static RelayUrl one(RelayUrl of, int port, String path) {
        var scheme = of.scheme().isIpv6() ? RelayUrl.Scheme.TCP6 : RelayUrl.Scheme.TCP4;
        return new RelayUrl(scheme, of.token(), of.host(), port, 0, path);
    }

    private static String bare(RelayUrl of, String port) {
        return of.scheme().isIpv6()
                ? "tcp6://[" + of.host() + "]" + port
                : "tcp4://" + of.host() + port;
    }

    @Override
    public String toString() {
        boolean isOneHost = control.host().equals(data.host()) && control.scheme() == data.scheme();
        return "%s/%s [data: %s]"
                .formatted(
                        bare(control, ":" + control.port()),
                        control.path(),
                        isOneHost ? data.port() : bare(data, ":" + data.port()));
    }
}
