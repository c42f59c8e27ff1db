// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `enable-channel (-k | -u | -j | --log4j2) NAME[,NAME…]`.
public final class EnableChannelCommand implements Command {
    private static final int MAX_NAME_BYTES = 255;
    private static final long MAX_UNSIGNED = 0xffff_ffffL;
    private static final String SIZE = "want bytes, or a number with k, M or G, such as 512k";
    private static final String COUNT = "want a whole number";
    private static final String PERIOD =
            "want microseconds, or a number with us, ms, s, m or h, such as 200ms";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = DomainOption.addTo(CommandSpec.create());
        return spec.addOption(Options.session())
                .addOption(
                        Options.flag(
                                "Discard new records when the ring is full (default, but for snapshot sessions).",
                                "--discard"))
                .addOption(
                        Options.flag(
                                "Overwrite the oldest sub-buffer instead (default of snapshot sessions).",
                                "--overwrite"))
                .addOption(
                        Options.value(
                                "SIZE",
                                "Size of a sub-buffer, a power of two; suffixes k, M, G (default: 512k; kernel: 1M).",
                                "--subbuf-size"))
                .addOption(
                        Options.value(
                                "COUNT",
                                "Sub-buffers per ring, a power of two (default: 4).",
                                "--num-subbuf"))
                .addOption(
                        Options.value(
                                "PERIOD",
                                "How often to close sub-buffers: us, ms, s, m, h (default: 0, only when full).",
                                "--switch-timer"))
                .addOption(
                        Options.value(
                                "PERIOD",
                                "How often to read the rings (default: 0; kernel: 200ms).",
                                "--read-timer"))
                .addOption(
                        Options.value(
                                "PERIOD",
                                "How often to measure how full the rings are (default: 1s).",
                                "--monitor-timer"))
                .addOption(Options.value("MODE", "mmap, or splice for the kernel.", "--output"))
                .addOption(
                        Options.value(
                                "SIZE",
                                "Begin a new trace file at that size (default: 0, never).",
                                "-C",
                                "--tracefile-size"))
                .addOption(
                        Options.value(
                                "COUNT",
                                "Keep only the newest COUNT trace files of a stream (default: 0, all).",
                                "-W",
                                "--tracefile-count"))
                .addOption(Options.flag("One ring per user, as always.", "--buffers-uid"))
                .addOption(Options.flag("One ring for the kernel, as always.", "--buffers-global"))
                .addPositional(
                        Options.optionalArgument(
                                "NAME",
                                "Names, separated by commas; log systems (-j, --log4j2) have one channel, which need not be named."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.ofChannels(line, console, "enable-channel");
        List<String> modes =
                line.originalArgs().stream()
                        .filter(word -> word.equals("--overwrite") || word.equals("--discard"))
                        .toList();
        boolean hasLossMode = !modes.isEmpty();
        // The last one counts, as with lttng.
        boolean isOverwrite = hasLossMode && modes.getLast().equals("--overwrite");
        List<String> names = DomainOption.channels(line, domain);
        if (names.isEmpty()) {
            throw console.wrong("Missing channel name.", "want NAME[,NAME...]");
        }
        checkBuffers(line, domain);
        String output = line.matchedOptionValue("--output", "");
        if (line.hasMatchedOption("--output") && !List.of("mmap", "splice").contains(output)) {
            throw new Failure(
                    "Unknown output type %s. Possible values are: mmap, splice".formatted(output));
        }
        boolean isUnsupported = output.equals("splice") && domain != DomainName.KERNEL;
        long subBufferBytes = subBufferBytes(line, console);
        var attributes =
                new ChannelAttributes(
                        isOverwrite ? LossMode.OVERWRITE : LossMode.DISCARD,
                        subBufferBytes,
                        subBufferCount(line, console),
                        micros(line, "--switch-timer", console),
                        micros(line, "--read-timer", console),
                        period(line, "--monitor-timer", console),
                        traceFileBytes(line, console, domain, subBufferBytes),
                        traceFileCount(line, console),
                        output);
        if (attributes.traceFileCount() > 0 && attributes.traceFileBytes() <= 0) {
            throw new Failure(
                    "Missing option --tracefile-size. A file count without a size won't do anything.");
        }
        String given = line.matchedOptionValue("--session", null);
        String session = console.session(Arrays.asList(given));
        int status = 0;
        for (String name : names) {
            try {
                if (isUnsupported) {
                    throw console.wrong(
                            "Operation not supported", "--output splice is for the kernel");
                }
                checkName(name);
                console.done(
                        new Request.EnableChannel(session, domain, name, hasLossMode, attributes));
                console.say("%s channel %s enabled for session %s", domain.word(), name, session);
            } catch (NameFailure failure) {
                status = failure.status();
                console.error(failure);
            } catch (Failure failure) {
                boolean isWarning = failure.status() == ExitStatus.WARNING.number();
                status = (isWarning ? ExitStatus.WARNING : ExitStatus.ERROR).number();
                String text =
                        "Channel %s: %s (session %s)"
                                .formatted(name, failure.getMessage(), session);
                if (isWarning) {
                    console.warn("%s", text);
                } else {
                    console.error(failure, "%s", text);
                }
            }
        }
        return status;
    }

    /// What lttng refuses without asking the daemon; the other names go on.
    private static void checkName(String name) throws Failure {
        if (name.startsWith(".") || name.contains("/")) {
            throw new NameFailure(
                    ("Invalid channel name: \"%s\". Channel names may not start with '.', and"
                                    + " may not contain '/'.")
                            .formatted(name));
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new NameFailure(
                    "Channel name is too long (max. %d characters)".formatted(MAX_NAME_BYTES));
        }
    }

    /// Says which name is wrong, without the channel and the session that a refusal names.
    private static final class NameFailure extends Failure {
        private static final long serialVersionUID = 1;

        NameFailure(String message) {
            super(message);
        }
    }

    private static void checkBuffers(ParseResult line, DomainName domain) throws Failure {
        boolean isKernel = domain == DomainName.KERNEL;
        if (line.hasMatchedOption(isKernel ? "--buffers-uid" : "--buffers-global")) {
            throw new Failure("Buffer type not supported for domain " + (isKernel ? "-k" : "-u"));
        }
    }

    private static long subBufferBytes(ParseResult line, Console console) throws Failure {
        if (!line.hasMatchedOption("--subbuf-size")) {
            return -1;
        }
        long asked = size(line, "--subbuf-size", console);
        if (asked == 0) {
            throw wrongValue("--subbuf-size", "0", SIZE, console);
        }
        long rounded = Values.powerOfTwo(asked);
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
        String given = line.matchedOptionValue("--num-subbuf", "");
        int asked =
                Values.count(given)
                        .orElseThrow(() -> wrongValue("--num-subbuf", given, COUNT, console));
        long rounded = Values.powerOfTwo(asked);
        if (asked == 0 || rounded > 1 << 30) {
            throw wrongValue("--num-subbuf", given, COUNT + ", 1 to 1073741824", console);
        }
        if (rounded != asked) {
            console.warn(
                    "The number of subbuffers (%d) is rounded to the next power of 2 (%d)",
                    asked, rounded);
        }
        return (int) rounded;
    }

    /// Never smaller than a sub-buffer.
    private static long traceFileBytes(
            ParseResult line, Console console, DomainName domain, long subBufferBytes)
            throws Failure {
        if (!line.hasMatchedOption("--tracefile-size")) {
            return -1;
        }
        long asked = size(line, "--tracefile-size", console);
        long byDefault = domain == DomainName.KERNEL ? 1 << 20 : 1 << 19;
        long smallest = subBufferBytes < 0 ? byDefault : subBufferBytes;
        if (asked == 0 || asked >= smallest) {
            return asked;
        }
        console.warn("Tracefile size rounded up from (%d) to subbuffer size (%d)", asked, smallest);
        return smallest;
    }

    private static int traceFileCount(ParseResult line, Console console) throws Failure {
        if (!line.hasMatchedOption("--tracefile-count")) {
            return -1;
        }
        String given = line.matchedOptionValue("--tracefile-count", "");
        long count =
                Values.number(given)
                        .orElseThrow(() -> wrongValue("--tracefile-count", given, COUNT, console));
        checkUnsigned("--tracefile-count", count, given);
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    private static long size(ParseResult line, String option, Console console) throws Failure {
        String given = line.matchedOptionValue(option, "");
        return Values.size(given).orElseThrow(() -> wrongValue(option, given, SIZE, console));
    }

    /// A period that LTTng keeps in 32 bits.
    private static long micros(ParseResult line, String option, Console console) throws Failure {
        long period = period(line, option, console);
        checkUnsigned(option, period, line.matchedOptionValue(option, ""));
        return period;
    }

    private static void checkUnsigned(String option, long value, String given) throws Failure {
        if (value > MAX_UNSIGNED) {
            throw new Failure("32-bit overflow in %s parameter: %s".formatted(option, given));
        }
    }

    private static long period(ParseResult line, String option, Console console) throws Failure {
        if (!line.hasMatchedOption(option)) {
            return -1;
        }
        String given = line.matchedOptionValue(option, "");
        return Values.periodMicros(given)
                .orElseThrow(() ->
                        console.wrong(
                                "Wrong value for %s parameter: %s".formatted(option, given),
                                PERIOD));
    }

    private static Failure wrongValue(String option, String given, String want, Console console) {
        return console.wrong("Wrong value in %s parameter: %s".formatted(option, given), want);
    }
}
