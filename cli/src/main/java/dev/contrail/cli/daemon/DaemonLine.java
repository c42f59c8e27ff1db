// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The options of a daemon, by their long names: of the command line and, where that has none, of
/// the daemon's section (`[sessiond]`, `[relayd]`) of the configuration files, as
/// `lttng-sessiond(8)` and `lttng-relayd(8)` say.
record DaemonLine(ParseResult line, Map<String, String> configured) {
    private static final List<String> YES = List.of("yes", "true", "on", "1");
    private static final List<String> NO = List.of("no", "false", "off", "0");

    /// Reads the configuration files: the machine's, the user's, and the one that an option names.
    static DaemonLine of(ParseResult line, Places places, String section)
            throws Failure, IOException {
        var files = new ArrayList<Path>();
        files.add(Path.of("/etc/lttng/lttng.conf"));
        files.add(places.home().resolve(".lttng/lttng.conf"));
        if (line.hasMatchedOption("--config")) {
            Path named = Path.of(line.matchedOptionValue("--config", ""));
            if (!Files.isReadable(named)) {
                throw new Failure("--config: cannot read " + named);
            }
            files.add(named);
        }
        var configured = new LinkedHashMap<String, String>();
        for (Path each : files) {
            if (Files.isReadable(each) && Files.isRegularFile(each)) {
                read(each, section, line, configured);
            }
        }
        return new DaemonLine(line, configured);
    }

    private static void read(Path file, String wanted, ParseResult line, Map<String, String> into)
            throws Failure, IOException {
        String section = "";
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String each = lines.get(i).strip();
            if (each.isEmpty() || each.startsWith(";") || each.startsWith("#")) {
                continue;
            }
            if (each.startsWith("[") && each.endsWith("]")) {
                section = each.substring(1, each.length() - 1).strip();
            } else if (section.equals(wanted)) {
                add(file + ":" + (i + 1), section, each, line, into);
            }
        }
    }

    private static void add(
            String where,
            String section,
            String property,
            ParseResult line,
            Map<String, String> into)
            throws Failure {
        int equals = property.indexOf('=');
        if (equals <= 0) {
            throw new Failure("%s: want KEY=VALUE, not %s".formatted(where, property));
        }
        String name = "--" + property.substring(0, equals).strip();
        String value = property.substring(equals + 1).strip();
        OptionSpec option = line.commandSpec().findOption(name);
        if (option == null || name.equals("--config")) {
            List<String> names =
                    Options.names(line.commandSpec()).stream()
                            .filter(each -> each.startsWith("--"))
                            .map(each -> each.substring(2))
                            .toList();
            throw new Failure(
                    "%s: no option of %s: %s%s"
                            .formatted(
                                    where,
                                    section,
                                    name.substring(2),
                                    Suggestion.words(name.substring(2), names)));
        }
        boolean isFlag = option.arity().max() == 0;
        String word = value.toLowerCase(Locale.ROOT);
        if (isFlag && !YES.contains(word) && !NO.contains(word)) {
            throw new Failure("%s: want yes or no, not %s".formatted(where, value));
        }
        if (isFlag && NO.contains(word)) {
            into.remove(option.longestName());
        } else {
            into.put(option.longestName(), value);
        }
    }

    /// Whether an option is given.
    boolean has(String longName) {
        return line.hasMatchedOption(longName) || configured.containsKey(longName);
    }

    /// The value of an option.
    String value(String longName, String usual) {
        return line.hasMatchedOption(longName)
                ? line.matchedOptionValue(longName, usual)
                : configured.getOrDefault(longName, usual);
    }
}
