// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.cli.console.Failure;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/// A session whose trace goes to a relay, as viewers find it there.
///
/// @param output the relay, as the session daemon shows it
/// @param isLive whether viewers may follow it
/// @param directory below the relay's output directory; empty where that is not known
record RelayedSession(String name, String output, boolean isLive, String directory) {
    /// What is said of LTTng's names that are longer (`relay-protocol.md` section 10).
    private static final int MOST_HOST_BYTES = 63;

    /// Its address for viewers.
    ///
    /// @throws Failure where they do not get it, with what to do
    String url() throws IOException, Failure {
        String relay = relay();
        String end = "/host/" + host() + "/" + name;
        if (!isLive) {
            throw new Failure(
                    "Session %s goes to a relay daemon, and viewers cannot follow it: it is not live (contrail create --live). %s"
                            .formatted(name, stored()));
        }
        try {
            return LiveAddresses.meant(relay).stream()
                    .filter(each -> each.endsWith(end))
                    .findFirst()
                    .orElseThrow(() ->
                            new Failure(
                                    "Session %s goes to %s, which does not know it: has it been started? contrail status says what waits"
                                            .formatted(name, output)));
        } catch (IOException e) {
            throw new Failure(
                    "Session %s goes to a relay daemon, and viewers do not get in (%s). Where it has another port for them: contrail view %s:PORT%s. %s"
                            .formatted(name, Reason.of(e), relay, end, stored()));
        } catch (UsageException e) {
            throw new Failure(Reason.of(e));
        }
    }

    private String stored() {
        return directory.isEmpty()
                ? "The trace is at %s".formatted(output)
                : "The trace is there, in %s below its output directory: contrail view %s"
                        .formatted(directory, directory);
    }

    private String relay() {
        try {
            RelayUrl control = RelayEndpoints.parseShown(output).control();
            return control.scheme().isIpv6()
                    ? "net6://[" + control.host() + "]"
                    : "net://" + control.host();
        } catch (ParseException e) {
            throw new IllegalStateException("shown by our own daemon: " + output, e);
        }
    }

    private static String host() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return name.substring(0, Math.min(name.length(), MOST_HOST_BYTES));
    }
}
