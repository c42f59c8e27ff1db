// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a relay listens, as users write it: `tcp://HOST[:PORT]`. Port 0 is any that is free.
public final class ListenAddress {
    private static final Pattern URL =
            Pattern.compile("tcp[46]?://(?:\\[([^\\]/]+)\\]|([^:/\\[\\]]+))(?::(\\d{1,5}))?/?");
    private static final int MAX_PORT = 65535;

    private ListenAddress() {}

    /// Reads what a user wrote.
    ///
    /// @param usualPort when it says none
    /// @throws ParseException when it is no such address, or the host has none
    public static InetSocketAddress parse(String url, int usualPort) throws ParseException {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new ParseException(url + " is no address, want tcp://HOST[:PORT]", 0);
        }
        int port = parts.group(3) == null ? usualPort : Integer.parseInt(parts.group(3));
        if (port > MAX_PORT) {
            throw new ParseException("Invalid port number " + port, parts.start(3));
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return new InetSocketAddress(resolve(host), port);
    }

    /// The address of a host.
    ///
    /// @throws ParseException when it has none
    public static InetAddress resolve(String host) throws ParseException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ParseException(host + " has no address", 0);
        }
    }
}
