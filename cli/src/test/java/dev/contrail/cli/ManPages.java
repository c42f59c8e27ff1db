// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Version;
import dev.contrail.wire.LttngError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual pages, in roff, from what `--help` prints.
final class ManPages {
    private ManPages() {}

    /// Every page by its file name.
    static SequencedMap<String, String> all() {
        var pages = new LinkedHashMap<String, String>();
        pages.put("contrail.1", overview());
        for (String name : Commands.names()) {
            pages.put("contrail-" + name + ".1", page(name));
        }
        return pages;
    }

    private static String overview() {
        var text = new StringBuilder(head("contrail", "a flight recorder for machines and JVMs"));
        text.append(".SH SYNOPSIS\n");
        text.append("contrail [GENERAL OPTIONS] COMMAND [COMMAND OPTIONS] [ARGUMENTS]\n");
        text.append(".SH COMMANDS\n");
        for (String name : Commands.names()) {
            entry(text, "contrail-" + name + "(1)", Page.of(name).summary() + ".");
        }
        text.append(".SH OTHER ENTRY POINTS\nIn the checkout, or below lib/contrail/current of an");
        text.append(" installation:\n");
        Help.ENTRY_POINTS.forEach((name, what) -> entry(text, name, what + "."));
        text.append(".SH GENERAL OPTIONS\n.nf\n");
        String general = Help.general("contrail");
        int from = general.indexOf("General options:\n") + "General options:\n".length();
        text.append(escape(general.substring(from, general.lastIndexOf("\n\n") + 1)));
        text.append(".fi\n.SH EXIT STATUS\n");
        entry(text, "0", "Success.");
        entry(text, "1", "The command failed; the reason is on standard error.");
        entry(text, "2", "There is no such command or option.");
        entry(text, "4", "A warning: what was asked for is so already.");
        entry(
                text,
                "126, 127, 128 + signal",
                "Of 'record': its command cannot be run, is not there,");
        text.append("or was ended by a signal. Else it is the command's.\n");
        for (LttngError error : LttngError.values()) {
            if (ExitStatus.of(error) == error.number()) {
                entry(text, "" + error.number(), error.text() + ".");
            }
        }
        text.append(".SH ENVIRONMENT\n");
        entry(text, "LTTNG_HOME", "Replaces HOME for traces and settings.");
        entry(
                text,
                "LTTNG_RUNDIR",
                "The session daemon's run directory, for it, for commands and for applications.");
        entry(text, "LTTNG_SESSIOND_PATH", "The session daemon that create starts.");
        entry(
                text,
                "CONTRAIL_RELAY_TOKENS",
                "The file with the tokens for relay daemons (default: contrail/relay-tokens below"
                        + " XDG_CONFIG_HOME).");
        entry(
                text,
                "XDG_CONFIG_HOME",
                "Where settings are, contrail/ below it (default: ~/.config).");
        entry(text, "CONTRAIL_PAGER, PAGER", "What 'view' shows text with on a terminal.");
        entry(
                text,
                "LTTNG_RELAYD_DISALLOW_CLEAR",
                "1: producers may delete no trace chunk at the relay daemon.");
        entry(text, "LTTNG_RELAYD_HEALTH", "The relay daemon's socket for questions of health.");
        entry(
                text,
                "LTTNG_RELAYD_WORKING_DIRECTORY",
                "The directory that a relay daemon in the background works in.");
        entry(
                text,
                "LTTNG_RELAYD_TCP_KEEP_ALIVE",
                "1: the relay daemon looks after silent connections as the next three say. Without"
                        + " it, it does so as the system usually does.");
        entry(
                text,
                "LTTNG_RELAYD_TCP_KEEP_ALIVE_IDLE_TIME, _PROBE_INTERVAL",
                "Seconds of silence before it looks, and between two looks; 0 or -1 for the"
                        + " system's choice.");
        entry(
                text,
                "LTTNG_RELAYD_TCP_KEEP_ALIVE_MAX_PROBE_COUNT",
                "Looks without an answer before a connection ends. _ABORT_THRESHOLD is of Solaris"
                        + " only, and passed over.");
        entry(
                text,
                "LTTNG_NETWORK_SOCKET_TIMEOUT",
                "Milliseconds. A relay daemon cuts who stops within a message, or takes nothing of"
                        + " what is sent, for so long. The session daemon takes it for the time to"
                        + " connect to a relay daemon, and waits no longer for its answers: without"
                        + " it, 3 and 30 s. 0 or -1: as without it.");
        entry(
                text,
                "LTTNG_APP_SOCKET_TIMEOUT",
                "Seconds that the session daemon waits for applications (default: 5); 0 or -1: for"
                        + " ever.");
        entry(
                text,
                "LTTNG_ABORT_ON_ERROR",
                "1: a daemon ends itself with SIGABRT at the first error that it logs.");
        entry(text, "CONTRAIL_JAVA_HOME", "The JDK to run with, 25 or newer.");
        entry(text, "CONTRAIL_NO_BUILD", "Do not rebuild when sources have changed.");
        entry(text, "CONTRAIL_NO_CACHE", "Make no start-up cache.");
        text.append(".SH FILES\n");
        entry(text, "~/.contrailrc", "The current session.");
        entry(text, "~/.contrail-outputs", "Where the last recordings went, for 'view'.");
        entry(text, "~/lttng-traces/", "Where traces go by default.");
        entry(
                text,
                "/run/contrail/ (root), ~/.contrail/",
                "The session daemon's run directory: its sockets, what it must know of its sessions to"
                        + " go on with them, and sessiond.log, what a daemon in the background has"
                        + " printed.");
        entry(
                text,
                "/dev/shm/contrail-UID/",
                "The rings of that user's JVMs. They outlive their programs as long as a session wants"
                        + " them.");
        entry(
                text,
                "~/.config/contrail/",
                "In relay-tokens the tokens for relay daemons; in relayd/ a relay daemon's"
                        + " certificate, and the tokens that it has given.");
        entry(text, "~/.cache/contrail/", "Start-up caches; they may be deleted.");
        return text.toString();
    }

    private static String page(String name) {
        Page page = Page.of(name);
        CommandSpec spec = Commands.find(name).orElseThrow().spec();
        Options.addHelp(spec);
        String summary = page.summary();
        var text =
                new StringBuilder(
                        head(
                                "contrail-" + name,
                                summary.toLowerCase(java.util.Locale.ROOT).substring(0, 1)
                                        + summary.substring(1)));
        text.append(".SH SYNOPSIS\n").append(escape("contrail " + page.synopsis())).append('\n');
        text.append(".SH DESCRIPTION\n").append(escape(page.text())).append('\n');
        spec.positionalParameters()
                .forEach(argument ->
                        entry(
                                text,
                                argument.paramLabel(),
                                String.join(" ", argument.description())));
        text.append(".SH OPTIONS\n");
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            entry(text, names(option), String.join(" ", option.description()));
        }
        if (spec.findOption("--filter") != null) {
            text.append(".SH FILTERS\n.nf\n").append(escape(FilterPage.text("contrail")));
            text.append(".fi\n");
        }
        text.append(".SH EXAMPLE\n.nf\n").append(escape("contrail " + page.example()));
        text.append("\n.fi\n.SH SEE ALSO\ncontrail(1)\n");
        return text.toString();
    }

    private static String names(OptionSpec option) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
            String label = (name.startsWith("--") ? "=" : " ") + option.paramLabel();
            names.add(
                    option.arity().max() == 0
                            ? name
                            : name + (option.arity().min() == 0 ? "[" + label + "]" : label));
        }
        return String.join(", ", names);
    }

    private static String head(String name, String summary) {
        return """
        .\\" Generated from the commands: see ManPagesTest.
        .TH %s 1 "" "Contrail %s"
        .SH NAME
        %s \\- %s
        """
                .formatted(
                        name.toUpperCase(java.util.Locale.ROOT),
                        Version.NUMBER,
                        escape(name),
                        escape(summary));
    }

    private static void entry(StringBuilder text, String tag, String description) {
        text.append(".TP\n").append(escape(tag)).append('\n');
        text.append(escape(description)).append('\n');
    }

    /// No character of the text is a request or an escape of roff.
    private static String escape(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }
}
