// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.relay.ListenAddress;
import dev.contrail.relay.RelaySettings;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParseResult;

/// What the options and the environment of a relay daemon say.
final class RelayOptions {
    private static final int LEAST_FD_POOL = 100;

    /// Descriptors of the virtual machine's own, as the real relay leaves.
    private static final int OWN_DESCRIPTORS = 10;

    private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +(\\d+)");

    private RelayOptions() {}

    static RelaySettings settings(ParseResult line, Places places) throws Failure, IOException {
        if (line.hasMatchedOption("-s") && line.hasMatchedOption("-p")) {
            throw new Failure(
                    "--group-output-by-session and --group-output-by-host exclude each other");
        }
        Path working = Path.of(line.matchedOptionValue("--working-directory", ""));
        if (line.hasMatchedOption("--working-directory") && !Files.isDirectory(working)) {
            throw new Failure(working + " is no directory");
        }
        List<InetAddress> plain = plain(line.matchedOptionValue("--plain", ""));
        return new RelaySettings(
                address(line, "--control-port", RelayUrl.CONTROL_PORT, plain),
                address(line, "--data-port", RelayUrl.DATA_PORT, plain),
                address(line, "--live-port", RelayUrl.LIVE_PORT, plain),
                output(line, places),
                line.hasMatchedOption("-s"),
                !line.hasMatchedOption("--disallow-clear")
                        && !"1".equals(System.getenv("LTTNG_RELAYD_DISALLOW_CLEAR")),
                openFiles(line));
    }

    private static Path output(ParseResult line, Places places) throws Failure {
        String given = line.matchedOptionValue("--output", "");
        if (given.isEmpty()) {
            return places.home().resolve("lttng-traces");
        }
        if (!Path.of(given).isAbsolute()) {
            throw new Failure("--output takes an absolute path, not " + given);
        }
        return Path.of(given).normalize();
    }

    private static List<InetAddress> plain(String given) throws Failure {
        var addresses = new ArrayList<InetAddress>();
        for (String each : given.split(",")) {
            if (!each.isBlank()) {
                addresses.add(resolve(each.strip()));
            }
        }
        return addresses;
    }

    private static InetAddress resolve(String host) throws Failure {
        try {
            return ListenAddress.resolve(host);
        } catch (ParseException e) {
            throw new Failure("--plain: " + e.getMessage());
        }
    }

    /// Others may connect only where the user has said that they may do so in plain.
    private static InetSocketAddress address(
            ParseResult line, String option, int usualPort, List<InetAddress> plain)
            throws Failure {
        InetSocketAddress address;
        try {
            address =
                    ListenAddress.parse(
                            line.matchedOptionValue(option, "tcp://127.0.0.1"), usualPort);
        } catch (ParseException e) {
            throw new Failure(option + ": " + e.getMessage());
        }
        InetAddress host = address.getAddress();
        if (!host.isLoopbackAddress() && !plain.contains(host)) {
            throw new Failure(
                    ("%s: %s is no loopback address, and connections are neither encrypted nor"
                                    + " authenticated yet: others on that network could read and"
                                    + " write traces. Listen on 127.0.0.1, or allow it with"
                                    + " --plain %s")
                            .formatted(option, host.getHostAddress(), host.getHostAddress()));
        }
        return address;
    }

    /// As it stands in a URL.
    static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static int openFiles(ParseResult line) throws Failure, IOException {
        Matcher limit = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
        int most = limit.find() ? Integer.parseInt(limit.group(1)) : 1024;
        String given = line.matchedOptionValue("--fd-pool-size", "");
        if (given.isEmpty()) {
            return most - OWN_DESCRIPTORS;
        }
        if (!given.matches("[0-9]{1,9}")
                || Integer.parseInt(given) < LEAST_FD_POOL
                || Integer.parseInt(given) > most) {
            throw new Failure(
                    "--fd-pool-size takes %d to %d, the limit of open files, not %s"
                            .formatted(LEAST_FD_POOL, most, given));
        }
        return Integer.parseInt(given);
    }
}
