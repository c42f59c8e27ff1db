// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.LossMode;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `enable-channel (-k | -u) NAME[,NAME…]`.
final class EnableChannelCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = DomainOption.addTo(CommandSpec.create(), false);
        return spec.addOption(Usage.session())
                .addOption(Usage.flag("Discard new records when the ring is full.", "--discard"))
                .addOption(Usage.flag("Overwrite the oldest sub-buffer.", "--overwrite"))
                .addOption(Usage.value("SIZE", "Size of a sub-buffer.", "--subbuf-size"))
                .addOption(Usage.value("COUNT", "Sub-buffers per ring.", "--num-subbuf"))
                .addOption(
                        Usage.value("PERIOD", "Period of sub-buffer switches.", "--switch-timer"))
                .addOption(Usage.value("PERIOD", "Period of reading.", "--read-timer"))
                .addOption(Usage.value("PERIOD", "Period of monitoring.", "--monitor-timer"))
                .addOption(Usage.value("MODE", "mmap or splice.", "--output"))
                .addOption(Usage.value("SIZE", "Limit of a trace file.", "-C", "--tracefile-size"))
                .addOption(
                        Usage.value("COUNT", "Trace files per stream.", "-W", "--tracefile-count"))
                .addOption(Usage.flag("One ring per user: as it is.", "--buffers-uid"))
                .addOption(Usage.flag("One ring for the kernel: as it is.", "--buffers-global"))
                .addPositional(Usage.argument("NAME", "Names between commas."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.of(line);
        boolean isOverwrite = line.hasMatchedOption("--overwrite");
        boolean hasLossMode = isOverwrite || line.hasMatchedOption("--discard");
        if (isOverwrite && line.hasMatchedOption("--discard")) {
            throw new Failure(1, "Options --discard and --overwrite are mutually exclusive.");
        }
        String output = line.matchedOptionValue("--output", "");
        if (!List.of("", "mmap", "splice").contains(output)
                || output.equals("splice") && domain != DomainName.KERNEL) {
            throw new Failure(1, "Unknown output type " + output + ": want mmap");
        }
        var attributes =
                new ChannelAttributes(
                        isOverwrite ? LossMode.OVERWRITE : LossMode.DISCARD,
                        subBufferBytes(line, console),
                        subBufferCount(line, console),
                        period(line, "--switch-timer"),
                        period(line, "--read-timer"),
                        period(line, "--monitor-timer"),
                        line.hasMatchedOption("-C")
                                ? Values.size(line.matchedOptionValue("-C", ""))
                                : -1,
                        line.hasMatchedOption("-W")
                                ? Values.count(line.matchedOptionValue("-W", ""))
                                : -1,
                        output);
        if (attributes.traceFileCount() > 0 && attributes.traceFileBytes() <= 0) {
            throw new Failure(1, "--tracefile-count needs --tracefile-size.");
        }
        String given = line.matchedOptionValue("--session", null);
        String session = console.session(Arrays.asList(given));
        int status = 0;
        for (String name : Values.names(line.matchedPositionalValue(0, ""))) {
            check(name);
            try {
                console.done(
                        new Request.EnableChannel(session, domain, name, hasLossMode, attributes));
                console.say("%s channel %s enabled for session %s", domain.word(), name, session);
            } catch (Failure failure) {
                status = failure.status();
                String text =
                        "Channel %s: %s (session %s)"
                                .formatted(name, failure.getMessage(), session);
                if (status == 4) {
                    console.warn("%s", text);
                } else {
                    console.error("%s", text);
                }
            }
        }
        return status;
    }

    private static void check(String name) throws Failure {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.length() > 255) {
            throw new Failure(
                    1,
                    ("Channel name '%s': want 1 to 255 characters, no '/', and no '.' first")
                            .formatted(name));
        }
    }

    private static long subBufferBytes(ParseResult line, Console console) throws Failure {
        if (!line.hasMatchedOption("--subbuf-size")) {
            return -1;
        }
        long asked = Values.size(line.matchedOptionValue("--subbuf-size", ""));
        long rounded = Math.max(4096, Values.powerOfTwo(asked));
        if (asked == 0) {
            throw new Failure(1, "Wrong value in --subbuf-size parameter: 0");
        }
        if (rounded != asked) {
            console.warn(
                    "The subbuf size (%d) is rounded to the next power of 2 (%d)", asked, rounded);
        }
        return rounded;
    }

    private static int subBufferCount(ParseResult line, Console console) throws Failure {
        if (!line.hasMatchedOption("--num-subbuf")) {
            return -1;
        }
        int asked = Values.count(line.matchedOptionValue("--num-subbuf", ""));
        long rounded = Values.powerOfTwo(asked);
        if (rounded > 1 << 30) {
            throw new Failure(1, "Wrong value in --num-subbuf parameter: " + asked);
        }
        if (rounded != asked) {
            console.warn(
                    "The number of subbuffers (%d) is rounded to the next power of 2 (%d)",
                    asked, rounded);
        }
        return (int) rounded;
    }

    private static long period(ParseResult line, String option) throws Failure {
        return line.hasMatchedOption(option)
                ? Values.periodMicros(line.matchedOptionValue(option, ""))
                : -1;
    }
}
