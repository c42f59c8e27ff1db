// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.View;
import dev.contrail.analysis.ViewOptions;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
final class DemoCommand implements Command {
    private static final String SHOP = "dev.contrail.samples.shop.Shop";
    private static final String SECONDS = "20";
    private static final int SHOWN_JVM_EVENTS = 16;
    private static final int SHOWN_KERNEL_EVENTS = 2;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Usage.value("DIR", "Write the snapshot below DIR.", "-o", "--output"));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String given = line.matchedOptionValue("--output", "");
        Path output =
                given.isEmpty()
                        ? console.places().home().resolve("lttng-traces").resolve("demo-" + time())
                        : Path.of(given).toAbsolutePath().normalize();
        console.say(
                "A small shop runs under the flight recorder; in a few seconds an order fails.");
        console.out().flush();
        Reply.Recorded snapshot;
        try (PrivateSession session =
                PrivateSession.open(console, Request.Mode.SNAPSHOT, "demo", Optional.of(output))) {
            enable(session, console);
            session.start();
            Process shop = startShop(session);
            Thread leaving = new Thread(() -> leave(shop, session), "contrail-leave");
            Runtime.getRuntime().addShutdownHook(leaving);
            try {
                String failure = awaitFailure(shop);
                console.say("%s. Taking a snapshot of the recorder's memory.", failure);
                snapshot = session.snapshot();
            } finally {
                end(shop);
            }
        }
        show(snapshot, console);
        return 0;
    }

    private static void enable(PrivateSession session, Console console) throws Failure {
        try {
            session.enable(DomainName.KERNEL, PointType.TRACEPOINT, "sched_switch");
            session.enable(DomainName.KERNEL, PointType.SYSCALL, "*");
            console.say(
                    "Recording: the kernel (sched_switch, system calls), its tracepoints, its"
                            + " log.");
        } catch (Failure failure) {
            console.say(
                    "Recording: its tracepoints and its log; not the kernel: %s",
                    failure.getMessage());
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
    private static String awaitFailure(Process shop) throws IOException, Failure {
        var lines =
                new BufferedReader(
                        new InputStreamReader(shop.getInputStream(), StandardCharsets.UTF_8));
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            if (text.startsWith("FAILED ")) {
                return text.substring("FAILED ".length());
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

    private static void show(Reply.Recorded snapshot, Console console) throws IOException {
        Path trace = Path.of(snapshot.directory());
        var moments = new LastMoments(" shop:failed: ", SHOWN_JVM_EVENTS, SHOWN_KERNEL_EVENTS);
        try (moments) {
            View.run(List.of(trace), ViewOptions.DEFAULT, moments, console.err());
        }
        console.say("");
        console.say("The last moments before the failure, kernel and JVM on one clock:");
        console.say("");
        moments.lines().forEach(text -> console.say("%s", text));
        console.say("");
        SessionText.accounts(snapshot.accounts()).forEach(text -> console.say("%s", text));
        console.say("The trace: %s", trace);
        console.say("");
        console.say("Go on with:");
        console.say("  contrail view %s", trace);
        console.say("  babeltrace2 %s", trace);
        console.say("  contrail record -- java -jar YOUR-PROGRAM.jar");
    }

    private static String time() {
        return LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    }
}
