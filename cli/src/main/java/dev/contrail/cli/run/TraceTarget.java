// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.session.Destination;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Where the trace of a run goes, as `--output` and `--set-url` say it. Looked at before anything
/// runs.
sealed interface TraceTarget {
    /// A new directory in the usual place.
    TraceTarget USUAL = new Directory(Optional.empty());

    /// @param path empty for a new one in the usual place
    record Directory(Optional<Path> path) implements TraceTarget {}

    /// @param url as the user wrote it, without a token
    /// @param shown as the daemon wants to be told
    record Relay(RelayUrl url, String shown) implements TraceTarget {
        /// What the user wrote, without a token.
        String text() {
            String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
            return "%s://%s%s"
                    .formatted(url.scheme().name().toLowerCase(Locale.ROOT), host, ports());
        }

        private String ports() {
            if (url.dataPort() != 0) {
                return ":%d:%d".formatted(url.portOr(RelayUrl.CONTROL_PORT), url.dataPort());
            }
            return url.port() == 0 ? "" : ":" + url.port();
        }
    }

    /// `-U`.
    static OptionSpec option() {
        return Options.value(
                "URL",
                "Send the trace to the relay daemon at"
                        + " net://[TOKEN@]HOST[:CONTROL_PORT[:DATA_PORT]][/PATH]; net6 for IPv6,"
                        + " file:///DIR as -o.",
                "-U",
                "--set-url");
    }

    /// What the words of a command say.
    ///
    /// @param isNew whether a directory must hold nothing
    static TraceTarget of(ParseResult line, boolean isNew) throws IOException, Failure {
        boolean hasUrl = line.hasMatchedOption("--set-url");
        boolean hasDirectory = line.hasMatchedOption("--output");
        if (hasUrl && hasDirectory) {
            throw new Failure("Only one of --output and --set-url.");
        }
        if (!hasUrl && !hasDirectory) {
            return USUAL;
        }
        String given = line.matchedOptionValue(hasUrl ? "--set-url" : "--output", "");
        if (Destination.isRelay(given)) {
            if (hasDirectory) {
                throw new Failure("--output is a directory, and a relay is: -U " + given);
            }
            return relay(given);
        }
        if (hasUrl && !given.startsWith("/") && !given.startsWith("file:///")) {
            throw new Failure(
                    "Unable to parse the URL %s: want net://HOST, file:///DIR or an absolute path"
                            .formatted(given));
        }
        String path = hasUrl ? Destination.path(given) : given;
        return new Directory(
                Optional.of(isNew ? OutputDirectory.empty(path) : OutputDirectory.of(path)));
    }

    private static Relay relay(String given) throws Failure {
        String shown = Destination.relay(given);
        try {
            return new Relay(RelayUrl.parse(given), shown);
        } catch (ParseException e) {
            throw new IllegalStateException("parsed before: " + given, e);
        }
    }
}
