// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.analysis.text.Colours;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.session.SentTrace;
import dev.contrail.cli.session.SessionText;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `demo`: runs a failing program under the flight recorder and shows the moments before the
/// failure.
public final class DemoCommand implements Command {
    private static final String SHOP = "dev.contrail.samples.shop.Shop";
    private static final String SECONDS = "20";

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.value("DIR", "Write the snapshot below DIR.", "-o", "--output"))
                .addOption(TraceTarget.option());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        TraceTarget target = TraceTarget.of(line, false);
        if (target instanceof TraceTarget.Directory(Optional<Path> given)) {
            Path output =
                    given.orElseGet(() ->
                            console.places()
                                    .home()
                                    .resolve("lttng-traces")
                                    .resolve("demo-" + time()));
            Files.createDirectories(output); // before the shop has run for nothing
            target = new TraceTarget.Directory(Optional.of(output));
        }
        console.say(
                "A small shop runs under the flight recorder; in a few seconds an order fails.");
        console.out().flush();
        Reply.Recorded snapshot;
        Optional<FailureStory> story;
        try (PrivateSession session =
                PrivateSession.open(
                        console,
                        SessionMode.SNAPSHOT,
                        "demo",
                        target,
                        why -> console.warn("%s", why))) {
            enable(session, console);
            session.start();
            Process shop = startShop(session);
            Thread leaving = new Thread(() -> leave(shop, session), "contrail-leave");
            Runtime.getRuntime().addShutdownHook(leaving);
            try {
                awaitFailure(shop);
                console.say("An order has failed: taking a snapshot of the recorder's memory.");
                if (target instanceof TraceTarget.Relay) {
                    // What is told is read here: the other snapshot is on another machine.
                    story = story(session.snapshotTo(session.file("story")));
                    snapshot = session.snapshot();
                } else {
                    snapshot = session.snapshot();
                    story = story(snapshot);
                }
            } finally {
                end(shop);
            }
        }
        show(story, snapshot, target, console);
        return 0;
    }

    private static Optional<FailureStory> story(Reply.Recorded snapshot) throws IOException {
        return FailureStory.read(Path.of(snapshot.directory()));
    }

    private static void enable(PrivateSession session, Console console) throws Failure {
        try {
            session.enable(DomainName.KERNEL, PointType.TRACEPOINT, "sched_switch");
            session.enable(DomainName.KERNEL, PointType.SYSCALL, "*");
            console.say(
                    "Recording: the kernel (sched_switch, system calls), its tracepoints, its"
                            + " log.");
        } catch (Failure failure) {
            console.say("Recording: its tracepoints and its log; not the kernel:");
            console.say(
                    "  %s.",
                    failure.is(LttngError.NEED_ROOT_SESSIOND)
                            ? "that takes root"
                            : failure.getMessage());
        }
        console.out().flush();
        session.enable(DomainName.USERSPACE, PointType.TRACEPOINT, "shop:*");
        session.enable(DomainName.JUL, PointType.LOGGER, "*");
    }

    private static Process startShop(PrivateSession session) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = Launcher.samplesJar() + ":" + Launcher.tracerJar();
        var builder = new ProcessBuilder(List.of(java, "-cp", classPath, SHOP, SECONDS));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        session.addTo(builder.environment());
        session.addAgentTo(builder.environment());
        return builder.start();
    }

    /// Reads what the shop prints until it says that an order failed.
    private static void awaitFailure(Process shop) throws IOException, Failure {
        var lines =
                new BufferedReader(
                        new InputStreamReader(shop.getInputStream(), StandardCharsets.UTF_8));
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            if (text.startsWith("FAILED ")) {
                return;
            }
        }
        throw new Failure("The shop ended without a failure; that is ours: please report it");
    }

    /// At Ctrl-C: nothing stays behind.
    private static void leave(Process shop, PrivateSession session) {
        end(shop);
        try {
            session.close();
        } catch (IOException e) {
            System.getLogger("dev.contrail.cli")
                    .log(System.Logger.Level.WARNING, "Cannot end the session", e);
        }
    }

    private static void end(Process shop) {
        shop.destroy();
        try {
            if (!shop.waitFor(5, TimeUnit.SECONDS)) {
                shop.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void show(
            Optional<FailureStory> story,
            Reply.Recorded snapshot,
            TraceTarget target,
            Console console) {
        console.say("");
        Colours colours = console.surroundings().isColoured() ? Colours.TERMINAL : Colours.NONE;
        story.ifPresentOrElse(
                its ->
                        new StoryText(its, colours)
                                .lines()
                                .forEach(text -> console.out().println(text)),
                () -> console.warn("The trace has no shop:failed: please report it"));
        console.say("");
        SessionText.accounts(snapshot.accounts())
                .forEach(text -> console.say("%s", text.replaceFirst("; ", ";\n  ")));
        if (target instanceof TraceTarget.Relay relay) {
            var sent = new SentTrace(relay.url(), relay.text(), snapshot.atRelay());
            console.say("The trace: %s", sent.place());
            console.say("%s", sent.keep(Optional.empty(), new Outputs(console.places())));
            console.say("");
            console.say("Go on with:");
            console.say("  contrail record -U %s -- java -jar YOUR-PROGRAM.jar", relay.text());
            return;
        }
        console.say("The trace: %s", snapshot.directory());
        console.say("");
        console.say("Go on with:");
        String word = TerminalText.word(snapshot.directory());
        console.say("  contrail view %s", word);
        console.say("  contrail view --around shop:failed %s", word);
        console.say("  babeltrace2 %s", word);
        console.say("  contrail record -- java -jar YOUR-PROGRAM.jar");
    }

    private static String time() {
        return LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    }
}
