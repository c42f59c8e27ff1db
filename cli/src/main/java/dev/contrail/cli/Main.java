// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.ctf.Reason;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The programs `contrail`, `lttng` and `babeltrace2`.
public final class Main {
    /// `EX_SOFTWARE` of `sysexits.h`.
    private static final int UNFORESEEN = 70;

    private Main() {}

    /// Runs one command and ends the process with its status.
    public static void main(String[] arguments) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Console.Entry entry = Console.Entry.of(System.getProperty("contrail.entry", ""));
        int status = UNFORESEEN;
        try {
            status =
                    entry == Console.Entry.BABELTRACE
                            ? Babeltrace.run(arguments, out, err)
                            : run(arguments, entry, System.getenv(), out, err);
        } catch (Throwable unforeseen) {
            // Never a process that lives on without its main thread.
            out.flush();
            err.println("Error: " + unforeseen);
            unforeseen.printStackTrace(err);
        }
        out.flush();
        err.flush();
        Runtime.getRuntime().halt(status); // Nothing of a command outlives it.
    }

    /// Runs one command.
    ///
    /// @return its exit status
    static int run(
            String[] arguments,
            Console.Entry entry,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err) {
        try {
            GeneralOptions options = GeneralOptions.parse(arguments);
            var console = new Console(entry, out, err, options, Places.of(environment));
            try {
                return run(console);
            } catch (Failure failure) {
                failure.hints().forEach(hint -> console.say("%s", hint));
                console.error("%s", failure.getMessage());
                return failure.status();
            } catch (IOException e) {
                console.error("%s", Reason.of(e));
                return ExitStatus.ERROR.number();
            }
        } catch (Failure failure) {
            err.println(entry.program() + ": " + failure.getMessage());
            return failure.status();
        } catch (IOException e) {
            err.println("Error: " + Reason.of(e));
            return ExitStatus.FATAL.number();
        }
    }

    static int run(Console console) throws IOException, Failure {
        GeneralOptions options = console.options();
        if (options.rest().equals(List.of("train-start-up-cache"))) {
            Training.run(console.entry());
            return 0;
        }
        if (options.wantsVersion()) {
            boolean isLttng = console.entry() == Console.Entry.LTTNG;
            console.out().println(isLttng ? Version.lttngLine() : Version.line());
            return 0;
        }
        if (options.wantsCommandList()) {
            Commands.names().forEach(console.out()::println);
            return 0;
        }
        if (options.wantsOptionList()) {
            Usage.GENERAL_OPTIONS.forEach(console.out()::println);
            return 0;
        }
        if (options.wantsHelp() || options.rest().isEmpty()) {
            console.out().print(Usage.general(console.program()));
            return (options.wantsHelp() ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
        }
        String word = options.rest().getFirst();
        List<String> rest = options.rest().subList(1, options.rest().size());
        Optional<Command> command = Commands.find(word);
        if (command.isEmpty()) {
            if (Commands.isForeseen(word)) {
                throw new Failure(word + ": not yet");
            }
            String program = console.program();
            console.say(
                    "%s: %s is not %s %s command. See '%s --help'.",
                    program, word, program.startsWith("l") ? "an" : "a", program, program);
            return ExitStatus.UNDEFINED.number();
        }
        return run(word, command.get(), rest, console);
    }

    private static int run(String word, Command command, List<String> rest, Console console)
            throws IOException, Failure {
        CommandSpec spec = command.spec();
        Usage.addHelp(spec);
        if (command.hasOwnGrammar()) {
            spec.parser().unmatchedArgumentsAllowed(true);
        }
        var line = new CommandLine(spec);
        ParseResult parsed;
        try {
            parsed = line.parseArgs(rest.toArray(String[]::new));
        } catch (ParameterException e) {
            Usage.refuseForeseen(word, rest);
            throw asFailure(word, e);
        }
        if (parsed.hasMatchedOption("--help")) {
            console.out().print(Usage.of(console.program(), word, line));
            return 0;
        }
        if (parsed.hasMatchedOption("--list-options")) {
            Usage.optionNames(spec).forEach(console.out()::println);
            return 0;
        }
        return command.run(parsed, console);
    }

    /// In LTTng's words: an argument too many is an error of the command, anything else of the
    /// line.
    private static Failure asFailure(String word, ParameterException why) {
        if (why instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            return unmatched.isUnknownOption()
                    ? new Failure(ExitStatus.UNDEFINED, Usage.unrecognized(word, first))
                    : new Failure("Unknown argument: " + first);
        }
        return new Failure(
                ExitStatus.UNDEFINED,
                "%s (%s)".formatted(Usage.unrecognized(word, ""), why.getMessage()));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
