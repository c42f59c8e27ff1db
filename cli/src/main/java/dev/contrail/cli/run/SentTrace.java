// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// A trace that went to a relay: where it is there, and how to look at it.
///
/// @param directory below the relay's output directory; empty where the relay has not said it
record SentTrace(TraceTarget.Relay relay, String directory) {
    private static final String USUAL_PORT = ":" + RelayUrl.LIVE_PORT + "/";

    /// Where it is.
    String place() {
        return directory.isEmpty()
                ? relay.text()
                : "%s, %s below its output directory".formatted(relay.text(), directory);
    }

    /// How to look at it.
    ///
    /// @param session whose trace a relay of ours may show to viewers; empty for none
    String show(Optional<String> session) {
        return show(session.flatMap(this::url).orElse(""));
    }

    /// Keeps where it is, for `view`, and says how to look at it.
    String keep(Optional<String> session, Outputs outputs) {
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
                                isHere() ? "this machine" : relay.url().host(),
                                directory.isEmpty() ? "." : TerminalText.word(directory));
    }

    /// Where viewers find the session, if they do.
    private Optional<String> url(String session) {
        String scheme = relay.url().scheme().isIpv6() ? "net6" : "net";
        String host = relay.url().host();
        String place = host.contains(":") ? "[" + host + "]" : host;
        try {
            return LiveAddresses.meant("%s://%s".formatted(scheme, place)).stream()
                    .filter(each -> each.endsWith("/" + session))
                    .map(each -> each.replace(USUAL_PORT, "/"))
                    .findFirst();
        } catch (IOException | UsageException e) {
            return Optional.empty(); // viewers are let in somewhere else, or nowhere
        }
    }

    private boolean isHere() {
        try {
            return InetAddress.getByName(relay.url().host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
