// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Options;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Options of `lttng-sessiond` 2.13 for what this daemon does not have: consumer daemons, kernel
/// modules, sockets of their own for each. They are taken, checked for a value, and change nothing.
final class ForeignOptions {
    private static final List<String> VALUES =
            List.of(
                    "--consumerd32-path",
                    "--consumerd32-libdir",
                    "--consumerd64-path",
                    "--consumerd64-libdir",
                    "--kconsumerd-cmd-sock",
                    "--kconsumerd-err-sock",
                    "--ustconsumerd32-cmd-sock",
                    "--ustconsumerd32-err-sock",
                    "--ustconsumerd64-cmd-sock",
                    "--ustconsumerd64-err-sock",
                    "--kmod-probes",
                    "--extra-kmod-probes",
                    "--event-notifier-error-buffer-size-kernel",
                    "--event-notifier-error-buffer-size-userspace");

    private ForeignOptions() {}

    /// Adds them, unseen by help.
    static void addTo(CommandSpec spec) {
        for (String name : VALUES) {
            spec.addOption(
                    OptionSpec.builder(Options.value("VALUE", "Without meaning here.", name))
                            .hidden(true)
                            .build());
        }
        spec.addOption(
                OptionSpec.builder(Options.flag("Without meaning here.", "--verbose-consumer"))
                        .hidden(true)
                        .build());
    }
}
