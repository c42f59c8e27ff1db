// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.convert.Notices;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.read.PipeOutput;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// The programs `contrail`, `lttng` and `babeltrace2`.
public final class Main {
    /// `EX_SOFTWARE` of `sysexits.h`.
    private static final int UNFORESEEN = 70;

    private Main() {}

    /// Runs one command and ends the process with its status.
    public static void main(String[] arguments) {
        Surroundings process = Surroundings.ofProcess();
        EntryPoint entry = EntryPoint.of(System.getProperty("contrail.entry", ""));
        int status = UNFORESEEN;
        try {
            UndecodedNames.warning(System.getProperty("user.dir", ""))
                    .ifPresent(what -> process.err().println("Warning: " + what));
            Optional<String> refusal = UndecodedNames.refusal(arguments);
            if (refusal.isPresent()) {
                process.err().println(TerminalText.plain("Error: " + refusal.get()));
                status = ExitStatus.ERROR.number();
            } else {
                status = run(arguments, entry, process);
            }
        } catch (OutOfMemoryError e) {
            process.out().flush();
            long heap = Runtime.getRuntime().maxMemory() >> 20;
            process.err().println("Error: %s: the heap has %d MiB".formatted(Reason.of(e), heap));
        } catch (Throwable unforeseen) {
            // Never a process that lives on without its main thread.
            process.out().flush();
            process.err().println("Error: " + unforeseen);
            unforeseen.printStackTrace(process.err());
        }
        process.flush();
        status = ended(status, entry, process);
        process.flush();
        Runtime.getRuntime().halt(status); // Nothing of a command outlives it.
    }

    /// The status of a command that has said everything: not success when nobody could get that.
    static int ended(int status, EntryPoint entry, Surroundings surroundings) {
        Optional<IOException> failure = surroundings.outFailure();
        if (status != ExitStatus.SUCCESS.number() || failure.isEmpty()) {
            return status;
        }
        if (PipeOutput.isBrokenPipe(failure.get())) {
            return PipeOutput.BROKEN_PIPE;
        }
        Notices.Words words =
                entry == EntryPoint.BABELTRACE ? Notices.BABELTRACE : Notices.CONTRAIL;
        String what = words.error() + "standard output: " + Reason.of(failure.get());
        surroundings.err().println(TerminalText.plain(what));
        return ExitStatus.ERROR.number();
    }

    /// Runs one command.
    ///
    /// @return its exit status
    static int run(String[] arguments, EntryPoint entry, Surroundings surroundings) {
        if (entry == EntryPoint.BABELTRACE) {
            return Babeltrace.run(arguments, surroundings);
        }
        PrintStream err = surroundings.err();
        try {
            GeneralOptions options = GeneralOptions.parse(arguments);
            var console =
                    new Console(
                            entry, surroundings, options, Places.of(surroundings.environment()));
            try {
                if (options.rest().equals(List.of("train-start-up-cache"))) {
                    CacheTraining.run(entry);
                    return ExitStatus.SUCCESS.number();
                }
                return Dispatch.run(console);
            } catch (Failure failure) {
                console.error(failure);
                return failure.status();
            } catch (IOException e) {
                console.error("%s", Reason.of(e));
                return ExitStatus.ERROR.number();
            }
        } catch (Failure failure) {
            err.println(
                    TerminalText.plain(
                            entry.program()
                                    + ": "
                                    + failure.getMessage()
                                    + explanation(failure, entry)));
            return failure.status();
        } catch (IOException e) {
            err.println(TerminalText.plain("Error: " + Reason.of(e)));
            return ExitStatus.FATAL.number();
        }
    }

    /// What getopt does not say, which has no more than a line.
    private static String explanation(Failure failure, EntryPoint entry) {
        return entry == EntryPoint.LTTNG || failure.explanation().isEmpty()
                ? ""
                : " (" + failure.explanation() + ")";
    }
}
