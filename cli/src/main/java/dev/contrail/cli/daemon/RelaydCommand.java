// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Signals;
import dev.contrail.cli.console.Version;
import dev.contrail.relay.HealthSocket;
import dev.contrail.relay.RelayDaemon;
import dev.contrail.relay.RelayHost;
import dev.contrail.relay.RelaySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `relayd`: the relay daemon, with the options of `lttng-relayd`.
public final class RelaydCommand implements Command {
    /// Time, level, text.
    private static final String LOG_LINE = "%1$tF %1$tT %4$s: %5$s%n";

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Options.value(
                                "URL",
                                "Listen to session daemons there; default: port 5342 of all addresses where"
                                        + " others may connect (--enrol, --plain), else of 127.0.0.1.",
                                "-C",
                                "--control-port"))
                .addOption(
                        Options.value(
                                "URL",
                                "Listen to what is recorded there; default: as above,"
                                        + " port 5343.",
                                "-D",
                                "--data-port"))
                .addOption(
                        Options.value(
                                "URL",
                                "Listen to live viewers there; default: as above, port" + " 5344.",
                                "-L",
                                "--live-port"))
                .addOption(
                        Options.value(
                                "ADDRESS[,ADDRESS]...",
                                "Let anybody connect to this address of the machine without a"
                                        + " token and unencrypted, as LTTng's programs do.",
                                "--plain"))
                .addOption(
                        OptionSpec.builder("--enrol")
                                .type(String.class)
                                .arity("0..1")
                                .fallbackValue("")
                                .paramLabel("NAME")
                                .description(
                                        "Print a token for a machine or user, to be revoked by"
                                                + " NAME, and end.")
                                .build())
                .addOption(
                        Options.value("NAME", "Take back the token of NAME, and end.", "--revoke"))
                .addOption(
                        Options.value(
                                "PATH",
                                "Take options from the section [relayd] of PATH, too; those of the"
                                        + " command line come first.",
                                "-f",
                                "--config"))
                .addOption(
                        Options.value(
                                "DIR",
                                "Store traces below DIR, an absolute path; default: lttng-traces in"
                                        + " the home directory.",
                                "-o",
                                "--output"))
                .addOption(
                        Options.value(
                                "DIR",
                                "Run in DIR when in the background; traces stay where they are.",
                                "-w",
                                "--working-directory"))
                .addOption(
                        Options.flag(
                                "Directories by session, then by host.",
                                "-s",
                                "--group-output-by-session"))
                .addOption(
                        Options.flag(
                                "Directories by host, then by session: the default.",
                                "-p",
                                "--group-output-by-host"))
                .addOption(
                        Options.flag(
                                "Do not let session daemons clear what is stored.",
                                "-x",
                                "--disallow-clear"))
                .addOption(
                        Options.value(
                                "SIZE",
                                "Remove the oldest sessions that have ended, and archived trace chunks,"
                                        + " while all traces have more than SIZE bytes (k, M or G);"
                                        + " default: keep all.",
                                "--retain-bytes"))
                .addOption(
                        Options.value(
                                "TIME",
                                "Remove them when nothing was written to them for TIME (s, m or h);"
                                        + " default: keep all.",
                                "--retain-age"))
                .addOption(
                        Options.value(
                                "COUNT",
                                "Use at most COUNT file descriptors, 100 or more.",
                                "--fd-pool-size"))
                .addOption(Options.flag("Go to the background when ready.", "-d", "--daemonize"))
                .addOption(Options.flag("Same as --daemonize.", "-b", "--background"))
                .addOption(Options.flag("Send SIGUSR1 to the parent when ready.", "--sig-parent"))
                .addOption(Options.value("PATH", "Write the process id to PATH.", "--pidfile"))
                .addOption(
                        Options.flag(
                                "End the relay daemon that runs, or the one of --output or"
                                        + " --pidfile, and wait until it has ended.",
                                "--stop"))
                .addOption(
                        Options.value(
                                "GROUP",
                                "When root runs it: members of GROUP may ask the health socket;"
                                        + " default: tracing.",
                                "-g",
                                "--group"))
                .addOption(Options.flag("Say more.", "-v", "--verbose"))
                .addOption(Options.flag("Print the version.", "-V", "--version"));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        if (line.hasMatchedOption("--version")) {
            console.out().println(Version.NUMBER);
            return 0;
        }
        if (line.hasMatchedOption("--enrol")) {
            return RelayTokens.enrol(line.matchedOptionValue("--enrol", ""), console);
        }
        if (line.hasMatchedOption("--revoke")) {
            return RelayTokens.revoke(line.matchedOptionValue("--revoke", ""), console);
        }
        Places places = console.places();
        DaemonLine options = DaemonLine.of(line, places, "relayd");
        if (line.hasMatchedOption("--stop")) {
            console.say(
                    "%s",
                    RunningRelays.end(
                            places, options.value("--pidfile", ""), options.value("--output", "")));
            return 0;
        }
        RelaySettings settings = RelayOptions.settings(options, places);
        RelayOptions.retainBytes(options); // refuses before it goes to the background
        RelayOptions.retainSeconds(options);
        RelayOptions.strangers(settings)
                .forEach(each -> console.warn("--plain: %s is no address of this machine", each));
        DaemonAssembly.makeRunDirectory(places);
        Files.createDirectories(places.relayDirectory());
        if (options.has("--daemonize") || options.has("--background")) {
            RelayBackground.start(options, console, settings);
            tellReach(console, settings);
            return 0;
        }
        return serve(options, console, settings);
    }

    private static int serve(DaemonLine line, Console console, RelaySettings settings)
            throws IOException, Failure {
        var ended = new CountDownLatch(1);
        System.setProperty("java.util.logging.SimpleFormatter.format", LOG_LINE);
        // Kept in reach: a logger that nobody holds forgets its level.
        Logger log = Logger.getLogger("dev.contrail.relay");
        if (line.has("--verbose")) {
            log.setLevel(Level.FINE);
            for (var each : Logger.getLogger("").getHandlers()) {
                each.setLevel(Level.FINE);
            }
        }
        AbortOnError.watch(log, System.getenv());
        Signals.handle("TERM", _ -> ended.countDown());
        Signals.handle("INT", _ -> ended.countDown());
        var written = new HashMap<Path, String>();
        long bytes = RelayOptions.retainBytes(line);
        long seconds = RelayOptions.retainSeconds(line);
        RelayHost host =
                RelayHost.real(
                        RelayEnvironment.keepAlive(System.getenv()),
                        NetworkTimeout.nanos(System.getenv()));
        Path own = RunningRelays.own(console.places());
        try (FileChannel running = RunningRelays.register(console.places(), settings.output());
                RelayDaemon daemon = RelayDaemon.open(settings, host, bytes, seconds);
                HealthSocket health = health(line, console.places(), daemon)) {
            announce(line, console, daemon, settings, written);
            OwnClasses.loadAll();
            ended.await();
            log.fine("ended by a signal; " + health + running);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Files.deleteIfExists(own);
            for (Map.Entry<Path, String> each : written.entrySet()) {
                deleteOwn(each.getKey(), each.getValue());
            }
        }
        return 0;
    }

    /// Another relay daemon may have said something else in that file since.
    private static void deleteOwn(Path file, String text) throws IOException {
        if (Files.isRegularFile(file) && Files.readString(file).equals(text)) {
            Files.deleteIfExists(file);
        }
    }

    private static void write(Path file, String text, Map<Path, String> written)
            throws IOException {
        Files.writeString(file, text);
        written.put(file, text);
    }

    private static void tellReach(Console console, RelaySettings settings) {
        if (settings.control().getAddress().isLoopbackAddress()) {
            console.note(
                    "Only this machine can connect. To let others in: contrail relayd --enrol, which"
                            + " prints a token; or, unencrypted as LTTng's programs are,"
                            + " --plain ADDRESS");
        }
    }

    private static HealthSocket health(DaemonLine line, Places places, RelayDaemon daemon)
            throws IOException {
        String given = System.getenv().getOrDefault("LTTNG_RELAYD_HEALTH", "");
        Path path =
                given.isEmpty()
                        ? places.relayDirectory().resolve("health-" + ProcessHandle.current().pid())
                        : Path.of(given);
        String group =
                places.uid() == 0 ? SessiondCommand.group(line.value("--group", "tracing")) : "";
        return HealthSocket.open(path, group, daemon::troubles);
    }

    private static void announce(
            DaemonLine line,
            Console console,
            RelayDaemon daemon,
            RelaySettings settings,
            Map<Path, String> written)
            throws IOException {
        Path directory = console.places().relayDirectory();
        say(console, directory.resolve("control.port"), daemon.controlAddress(), written);
        say(console, directory.resolve("data.port"), daemon.dataAddress(), written);
        say(console, directory.resolve("live.port"), daemon.liveAddress(), written);
        String pidFile = line.value("--pidfile", "");
        if (!pidFile.isEmpty()) {
            write(Path.of(pidFile), ProcessHandle.current().pid() + "\n", written);
        }
        console.say("%s %s", RelayBackground.READY, settings.output());
        console.out().flush();
        if (line.has("--sig-parent")) {
            RelayBackground.signalParent();
        }
    }

    /// The same for whoever looks at the screen, and for programs.
    private static void say(
            Console console, Path file, InetSocketAddress address, Map<Path, String> written)
            throws IOException {
        String name = file.getFileName().toString().replace(".port", "");
        console.say(
                "Listening: %s tcp://%s:%d",
                name, RelayOptions.literal(address.getAddress()), address.getPort());
        // Whoever waits for the file finds what is in it.
        Path made = file.resolveSibling(file.getFileName() + ".new");
        write(made, address.getPort() + "\n", written);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        written.put(file, Objects.requireNonNull(written.remove(made)));
    }
}
