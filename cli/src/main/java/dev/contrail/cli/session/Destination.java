// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Failure;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayUrl;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.util.Arrays;

/// Where a trace goes, as the daemon wants to be told: an absolute directory, or a relay with the
/// address that its name stands for now, as LTTng does it.
final class Destination {
    private static final String FILE = "file://";

    private Destination() {}

    /// Whether it is no directory.
    static boolean isRelay(String given) {
        return given.contains("://") && !given.startsWith(FILE);
    }

    /// The path of a directory that was given as it is, or as a URL.
    static String path(String given) {
        return given.startsWith(FILE) ? given.substring(FILE.length()) : given;
    }

    /// The relay of a URL for both connections.
    static String relay(String url) throws Failure {
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
        return new Failure("Unable to parse the URL %s: %s".formatted(url, why.getMessage()));
    }

    private static String resolved(RelayEndpoints relay) throws Failure {
        return relay.at(address(relay.control()), address(relay.data())).toString();
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
                    "URI parse bad hostname %s: it has no address of %s"
                            .formatted(url.host(), isIpv6 ? "IPv6" : "IPv4"));
        }
    }
}
