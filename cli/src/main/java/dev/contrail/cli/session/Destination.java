// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayToken;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Where a trace goes, as the daemon wants to be told: an absolute directory, or a relay with the
/// address that its name stands for now, as LTTng does it.
public final class Destination {
    private static final String FILE = "file://";

    private Destination() {}

    /// Whether it is no directory.
    public static boolean isRelay(String given) {
        return given.contains("://") && !given.startsWith(FILE);
    }

    /// The path of a directory that was given as it is, or as a URL.
    public static String path(String given) {
        return given.startsWith(FILE) ? given.substring(FILE.length()) : given;
    }

    /// The relay of a URL for both connections.
    public static String relay(String url) throws Failure {
        try {
            return resolved(RelayEndpoints.parse(url));
        } catch (ParseException e) {
            throw unparsed(url, e);
        }
    }

    /// The relay of a URL for each connection.
    static String relay(String controlUrl, String dataUrl) throws Failure {
        if (controlUrl.isEmpty() || dataUrl.isEmpty()) {
            throw new Failure("Both control and data URLs must be specified.");
        }
        try {
            return resolved(RelayEndpoints.parse(controlUrl, dataUrl));
        } catch (ParseException e) {
            throw unparsed(controlUrl + " and " + dataUrl, e);
        }
    }

    private static Failure unparsed(String url, ParseException why) {
        return new Failure(
                "Unable to parse the URL %s: %s".formatted(RelayUrl.shown(url), why.getMessage()));
    }

    private static String resolved(RelayEndpoints relay) throws Failure {
        RelayEndpoints there = relay.at(address(relay.control()), address(relay.data()));
        keepToken(relay.control(), there.control().host());
        keepToken(relay.data(), there.data().host());
        return there.toString();
    }

    /// A token that is given once need not be given again.
    private static void keepToken(RelayUrl given, String address) throws Failure {
        var known = KnownRelays.ofUser(System.getenv());
        try {
            Optional<RelayToken> token =
                    given.token().isPresent() ? given.token() : known.of(given.host());
            if (token.isPresent()) {
                known.keep(given.host(), token.get());
                known.keep(address, token.get());
            }
        } catch (IOException e) {
            throw new Failure("Tokens of relays: " + Reason.of(e));
        }
    }

    /// Before something is sent to a relay: the daemon is told the token that it wants, if one is
    /// known.
    ///
    /// @param output as one of the above gave it
    static void tell(String output, Console console) throws IOException, Failure {
        for (Request.KeepRelayToken each : tokens(output)) {
            console.ask(each);
        }
    }

    /// The tokens that a daemon needs to be let in by a relay, as far as they are known.
    ///
    /// @param output as one of the above gave it
    public static List<Request.KeepRelayToken> tokens(String output) throws IOException, Failure {
        if (!RelayEndpoints.isShown(output)) {
            return List.of();
        }
        RelayEndpoints relay;
        try {
            relay = RelayEndpoints.parseShown(output);
        } catch (ParseException e) {
            throw unparsed(output, e);
        }
        var known = KnownRelays.ofUser(System.getenv());
        var tokens = new ArrayList<Request.KeepRelayToken>();
        for (String each : new HashSet<>(List.of(relay.control().host(), relay.data().host()))) {
            known.of(each)
                    .ifPresent(token -> tokens.add(new Request.KeepRelayToken(each, token.text())));
        }
        return tokens;
    }

    private static String address(RelayUrl url) throws Failure {
        boolean isIpv6 = url.scheme().isIpv6();
        try {
            return Arrays.stream(InetAddress.getAllByName(url.host()))
                    .filter(each -> each instanceof Inet6Address == isIpv6)
                    .findFirst()
                    .orElseThrow(() -> new UnknownHostException(url.host()))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw new Failure(
                    "URI parse bad hostname %s: no %s address of it is known"
                            .formatted(url.host(), isIpv6 ? "IPv6" : "IPv4"));
        }
    }
}
