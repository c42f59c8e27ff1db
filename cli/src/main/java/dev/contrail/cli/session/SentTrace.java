// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// A trace that went to a relay: where it is there, and how to look at it.
///
/// @param text the relay, as the user knows it
/// @param directory below the relay's output directory; empty where the relay has not said it
public record SentTrace(RelayUrl relay, String text, String directory) {
    private static final String USUAL_PORT = ":" + RelayUrl.LIVE_PORT + "/";

    /// Of a session whose output is shown so.
    static SentTrace of(RelayEndpoints shown, String directory) {
        RelayUrl control = shown.control();
        int data = shown.data().port();
        boolean isUsual = control.port() == RelayUrl.CONTROL_PORT && data == RelayUrl.DATA_PORT;
        String ports = isUsual ? "" : ":%d:%d".formatted(control.port(), data);
        return new SentTrace(control, viewed(control) + ports, directory);
    }

    /// Where it is.
    public String place() {
        return directory.isEmpty()
                ? text
                : "%s, %s below its output directory".formatted(text, directory);
    }

    /// How to look at it.
    ///
    /// @param session whose trace a relay of ours may show to viewers; empty for none
    public String show(Optional<String> session) {
        return show(session.flatMap(this::url).orElse(""));
    }

    /// Keeps where it is, for `view`, and says how to look at it.
    public String keep(Optional<String> session, Outputs outputs) {
        String url = session.flatMap(this::url).orElse("");
        String show = show(url);
        outputs.add(
                new Outputs.Sent(
                        System.currentTimeMillis(),
                        url,
                        url.isEmpty() ? place() + ". " + show : place()));
        return show;
    }

    private String show(String url) {
        return !url.isEmpty()
                ? "Show it: contrail view " + TerminalText.word(url)
                : "Show it on %s, in that output directory (lttng-traces in the home directory, unless the relay daemon has another): contrail view %s"
                        .formatted(
                                isHere() ? "this machine" : relay.host(),
                                directory.isEmpty() ? "." : TerminalText.word(directory));
    }

    /// Where viewers find the session, if they do.
    private Optional<String> url(String session) {
        try {
            return LiveAddresses.meant(viewed(relay)).stream()
                    .filter(each -> each.endsWith("/" + session))
                    .map(each -> each.replace(USUAL_PORT, "/"))
                    .findFirst();
        } catch (IOException | UsageException e) {
            return Optional.empty(); // viewers are let in somewhere else, or nowhere
        }
    }

    /// Its usual address for viewers.
    private static String viewed(RelayUrl relay) {
        String host = relay.host();
        return (relay.scheme().isIpv6() ? "net6://" : "net://")
                + (host.contains(":") ? "[" + host + "]" : host);
    }

    private boolean isHere() {
        try {
            return InetAddress.getByName(relay.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
