// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.text.ParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a relay is, as users write it (`relay-protocol.md` section 1, `live-protocol.md` section
/// 3): `net://HOST[:CONTROL_PORT[:DATA_PORT]][/PATH]` for both connections of a producer,
/// `tcp://HOST[:PORT][/PATH]` for one, `net://HOST[:PORT][/host/TARGET/SESSION]` for viewers.
/// Before the host may stand a [RelayToken] and `@`.
///
/// @param token to be shown there
/// @param host name or address; that of IPv6 without its brackets
/// @param port of the control connection, of the one that there is, or of viewers; 0 when not said
/// @param dataPort 0 when not said
/// @param path without the `/` at its beginning; empty when not said
public record RelayUrl(
        Scheme scheme,
        Optional<RelayToken> token,
        String host,
        int port,
        int dataPort,
        String path) {
    /// Of the control connection, if a URL does not say another.
    public static final int CONTROL_PORT = 5342;

    /// Of the data connection, if a URL does not say another: also where it says one for control.
    public static final int DATA_PORT = 5343;

    /// Of viewers, if a URL does not say another.
    public static final int LIVE_PORT = 5344;

    private static final int MAX_PORT = 65535;

    private static final Pattern PARTS =
            Pattern.compile(
                    "(?<scheme>[^:/]+)://(?:(?<token>[^:/@\\[\\]]*)@)?(?:\\[(?<address>[^\\]/]*)\\]|(?<host>[^:/@\\[\\]]*))"
                            + "(?::(?<port>[^:/]*))?(?<second>:(?<data>[^:/]*))?(?<rest>[^/]+)?"
                            + "(?:/(?<path>.*))?",
                    Pattern.DOTALL);

    /// An address of IPv6 without its brackets: such a host with ports has fewer colons.
    private static final Pattern BARE_IPV6 =
            Pattern.compile(
                    "(?i)(?:net|tcp)6://(?=[^/]*::|[^/]*:[^/]*:[^/]*:)(?<address>[0-9a-f:]+)(?:/.*)?",
                    Pattern.DOTALL);

    private static final Pattern TOKEN =
            Pattern.compile(Pattern.quote(RelayToken.BEGIN) + "[^@/\\s]*@");

    /// How many connections, and by which addresses; without a digit by those of IPv4, in LTTng.
    public enum Scheme {
        NET,
        NET4,
        NET6,
        TCP,
        TCP4,
        TCP6;

        /// Whether both connections of a producer are meant.
        public boolean isPair() {
            return this == NET || this == NET4 || this == NET6;
        }

        /// Whether addresses of IPv6 are meant.
        public boolean isIpv6() {
            return this == NET6 || this == TCP6;
        }
    }

    public RelayUrl(Scheme scheme, String host, int port, int dataPort, String path) {
        this(scheme, Optional.empty(), host, port, dataPort, path);
    }

    /// What a viewer wants to see: a session's name, and the host that it is recorded on.
    public record Watched(String host, String session) {}

    /// The host as it stands in a URL.
    public String quotedHost() {
        return quoted(host);
    }

    /// A host as it stands in a URL.
    public static String quoted(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /// The port of the control connection, of the one that there is, or of viewers.
    ///
    /// @param usual when the URL does not say one
    public int portOr(int usual) {
        return port == 0 ? usual : port;
    }

    /// The port of the data connection.
    public int dataPortOrUsual() {
        return dataPort == 0 ? DATA_PORT : dataPort;
    }

    /// Reads what a producer is told: where it sends to.
    ///
    /// @throws ParseException in LTTng's words where it has some, with the place of the error
    public static RelayUrl parse(String url) throws ParseException {
        return parse(url, false);
    }

    private static RelayUrl parse(String url, boolean isLive) throws ParseException {
        Matcher parts = PARTS.matcher(url);
        Optional<Scheme> scheme =
                parts.matches() ? scheme(parts.group("scheme")) : Optional.empty();
        if (scheme.isEmpty() || isLive && !scheme.get().isPair()) {
            throw new ParseException("URI parse unknown protocol " + shown(url), 0);
        }
        Matcher bare = BARE_IPV6.matcher(url);
        if (isLive && bare.matches()) {
            throw new ParseException(
                    "an address of IPv6 stands in brackets: [" + bare.group("address") + "]",
                    bare.start("address"));
        }
        String token = parts.group("token");
        if (token != null && !RelayToken.isMeant(token)) {
            end(url, parts.end("token"));
        }
        String host = parts.group(parts.group("address") == null ? "host" : "address");
        if (host.isEmpty()) {
            throw new ParseException("No address or hostname detected.", parts.end("scheme") + 3);
        }
        int port = port(parts, "port");
        if (isLive || !scheme.get().isPair()) {
            end(url, parts.start("second"));
        }
        int dataPort = port(parts, "data");
        end(url, parts.start("rest"));
        String path = parts.group("path");
        return new RelayUrl(
                scheme.get(),
                token == null ? Optional.empty() : Optional.of(RelayToken.parse(token)),
                host,
                port,
                dataPort,
                path == null ? "" : path);
    }

    /// Reads what a viewer is told: where it looks, and at what, see [#watched].
    ///
    /// @throws ParseException as [#parse], and for a path that names no session
    public static RelayUrl parseLive(String url) throws ParseException {
        RelayUrl parsed = parse(url, true);
        if (!parsed.path.isEmpty() && parsed.watched().isEmpty()) {
            throw new ParseException(
                    "/" + parsed.path + " names no session", url.length() - parsed.path.length());
        }
        return parsed;
    }

    /// What a user has written, as it may be printed: `TOKEN` in the place of what is meant as one.
    public static String shown(String url) {
        return TOKEN.matcher(url).replaceAll("TOKEN@");
    }

    /// The same with a token to be shown there.
    public RelayUrl with(RelayToken shown) {
        return new RelayUrl(scheme, Optional.of(shown), host, port, dataPort, path);
    }

    /// The session that the path of a viewer's URL names; without one, viewers list what there is.
    public Optional<Watched> watched() {
        String[] names = path.split("/", -1);
        return names.length == 3
                        && names[0].equals("host")
                        && !names[1].isEmpty()
                        && !names[2].isEmpty()
                ? Optional.of(new Watched(names[1], names[2]))
                : Optional.empty();
    }

    private static Optional<Scheme> scheme(String word) {
        return Arrays.stream(Scheme.values())
                .filter(each -> each.name().equalsIgnoreCase(word))
                .findAny();
    }

    /// An empty one is none, as in LTTng.
    private static int port(Matcher parts, String group) throws ParseException {
        String text = parts.group(group);
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > MAX_PORT) {
            throw new ParseException("Invalid port number " + text, parts.start(group));
        }
        return Integer.parseInt(text);
    }

    private static void end(String url, int wantedEnd) throws ParseException {
        if (wantedEnd >= 0) {
            throw new ParseException(
                    "Trailing characters not recognized: " + url.substring(wantedEnd), wantedEnd);
        }
    }
}
