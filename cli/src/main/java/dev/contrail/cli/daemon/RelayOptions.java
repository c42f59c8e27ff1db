// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Values;
import dev.contrail.relay.ListenAddress;
import dev.contrail.relay.RelaySettings;
import dev.contrail.relay.trust.Enrolment;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the options and the environment of a relay daemon say.
final class RelayOptions {
    private static final int LEAST_FD_POOL = 100;

    /// Descriptors of the virtual machine's own, as the real relay leaves.
    private static final int OWN_DESCRIPTORS = 10;

    private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +(\\d+)");

    private RelayOptions() {}

    static RelaySettings settings(DaemonLine line, Places places) throws Failure, IOException {
        return settings(line, places, trust());
    }

    /// @param trust where the relay keeps its certificate and tokens
    static RelaySettings settings(DaemonLine line, Places places, Path trust)
            throws Failure, IOException {
        if (line.has("--group-output-by-session") && line.has("--group-output-by-host")) {
            throw new Failure(
                    "--group-output-by-session and --group-output-by-host exclude each other");
        }
        Path working = Path.of(workingDirectory(line));
        if (!workingDirectory(line).isEmpty() && !Files.isDirectory(working)) {
            throw new Failure(
                    "Failed to change working directory to %s: it is no directory"
                            .formatted(working));
        }
        List<InetAddress> plain = plain(line.value("--plain", ""));
        var allowed = new Allowed(new Enrolment(trust, plain).hasTokens(), plain);
        return new RelaySettings(
                address(line, "--control-port", RelayUrl.CONTROL_PORT, allowed),
                address(line, "--data-port", RelayUrl.DATA_PORT, allowed),
                address(line, "--live-port", RelayUrl.LIVE_PORT, allowed),
                trust,
                plain,
                output(line, places),
                line.has("--group-output-by-session"),
                !line.has("--disallow-clear")
                        && !"1".equals(System.getenv("LTTNG_RELAYD_DISALLOW_CLEAR")),
                openFiles(line));
    }

    /// The directory that the daemon works in; empty for where it is started.
    static String workingDirectory(DaemonLine line) {
        return line.value(
                "--working-directory",
                System.getenv().getOrDefault(RelayEnvironment.WORKING_DIRECTORY, ""));
    }

    /// How many bytes of traces stay; 0 for all.
    static long retainBytes(DaemonLine line) throws Failure {
        return positive(line, "--retain-bytes", Values::size, "a size, such as 10G (k, M or G)");
    }

    /// For how many seconds a trace stays; 0 for ever.
    static long retainSeconds(DaemonLine line) throws Failure {
        long nanos =
                positive(
                        line,
                        "--retain-age",
                        Values::periodNanos,
                        "a time and its unit, such as 168h (s, m or h)");
        return nanos == 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos));
    }

    private static long positive(
            DaemonLine line, String option, Function<String, OptionalLong> reading, String wanted)
            throws Failure {
        if (!line.has(option)) {
            return 0;
        }
        OptionalLong value = reading.apply(line.value(option, ""));
        if (value.orElse(0) <= 0) {
            throw new Failure(
                    "%s takes %s, not %s".formatted(option, wanted, line.value(option, "")));
        }
        return value.getAsLong();
    }

    private static Path output(DaemonLine line, Places places) throws Failure {
        String given = line.value("--output", "");
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

    /// Where connections may be plain, but never are.
    static List<String> strangers(RelaySettings settings) throws IOException {
        var strangers = new ArrayList<String>();
        for (InetAddress each : settings.plain()) {
            if (!each.isAnyLocalAddress() && NetworkInterface.getByInetAddress(each) == null) {
                strangers.add(each.getHostAddress());
            }
        }
        return strangers;
    }

    private static InetAddress resolve(String host) throws Failure {
        try {
            return ListenAddress.resolve(host);
        } catch (ParseException e) {
            throw new Failure("--plain: " + e.getMessage());
        }
    }

    /// Where the relay keeps its certificate, and the tokens that it has given.
    static Path trust() {
        return KnownRelays.configuration(System.getenv()).resolve("relayd").toAbsolutePath();
    }

    /// Who may connect from elsewhere.
    ///
    /// @param hasTokens whether somebody has a token
    /// @param plain addresses where anybody may
    private record Allowed(boolean hasTokens, List<InetAddress> plain) {
        /// Whether somebody may from another machine.
        boolean anywhere() {
            return hasTokens || !plain.stream().allMatch(InetAddress::isLoopbackAddress);
        }

        boolean at(InetAddress address) {
            return hasTokens
                    || address.isLoopbackAddress()
                    || plain.stream()
                            .anyMatch(each -> each.equals(address) || each.isAnyLocalAddress());
        }
    }

    /// Where nobody from elsewhere may connect, only this machine is listened to.
    private static InetSocketAddress address(
            DaemonLine line, String option, int usualPort, Allowed allowed) throws Failure {
        String usual = allowed.anywhere() ? "tcp://0.0.0.0" : "tcp://127.0.0.1";
        InetSocketAddress address;
        try {
            address = ListenAddress.parse(line.value(option, usual), usualPort);
        } catch (ParseException e) {
            throw new Failure(option + ": " + e.getMessage());
        }
        String host = address.getAddress().getHostAddress();
        if (line.has(option) && !allowed.at(address.getAddress())) {
            throw new Failure(
                    ("%s: %s is no loopback address, and nobody has a token. Run contrail relayd"
                                    + " --enrol first, and give the token to those who connect; or"
                                    + " let anybody on that network read and write traces in plain,"
                                    + " as LTTng's programs do, with --plain %s")
                            .formatted(option, host, host));
        }
        return address;
    }

    /// As it stands in a URL.
    static String literal(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return "[::]";
        }
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static int openFiles(DaemonLine line) throws Failure, IOException {
        Matcher limit = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
        int most = limit.find() ? Integer.parseInt(limit.group(1)) : 1024;
        String given = line.value("--fd-pool-size", "");
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
