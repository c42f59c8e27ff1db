// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.daemon.DaemonAssembly;
import dev.contrail.recorder.thread.Supervisor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// Somebody with a home, a run directory and an environment of their own, who runs command lines:
/// all within this process, the session daemon too. Nothing is shared with other users.
public final class User implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    /// What a command said, and how it ended.
    public record Said(int status, String out, String err) {}

    /// What may take a moment to become true.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private final ConcurrentLinkedQueue<String> lastWords = new ConcurrentLinkedQueue<>();
    private Optional<DaemonAssembly> daemon = Optional.empty();

    private User(Path directory) {
        this.directory = directory;
        environment.put("HOME", directory.resolve("home").toString());
        environment.put("LTTNG_RUNDIR", runDirectory().toString());
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("TZ", "UTC");
    }

    /// A user to whom that directory belongs.
    public static User at(Path directory) {
        return new User(directory);
    }

    /// A user with a session daemon that serves JVMs and not the kernel.
    public static User withDaemon(Path directory) throws IOException {
        User user = at(directory);
        user.startDaemon();
        return user;
    }

    /// Sets a variable of the environment.
    public User with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// The environment that commands and programs of this user get.
    public Map<String, String> environment() {
        return environment;
    }

    public Path directory() {
        return directory;
    }

    public Path home() {
        return directory.resolve("home");
    }

    public Path runDirectory() {
        return directory.resolve("run");
    }

    /// What commands find by that environment.
    public Places places() throws IOException {
        return Places.of(environment);
    }

    /// Starts a daemon, which takes up what the one before has left.
    public void startDaemon() throws IOException {
        startDaemon(false);
    }

    /// @param hasKernel whether it serves the kernel domain too, where the system has one
    public void startDaemon(boolean hasKernel) throws IOException {
        assertThat(daemon).as("the daemon that runs").isEmpty();
        daemon =
                Optional.of(
                        DaemonAssembly.open(
                                places(), hasKernel, false, "", new Supervisor(lastWords::add)));
    }

    /// Ends the daemon; its sessions wait for the next one.
    public void endDaemon() throws IOException {
        daemon.orElseThrow().close();
        daemon = Optional.empty();
    }

    /// Runs `contrail`. Words are separated as a shell does it, with quotes `'`; `DIR` is the
    /// user's directory.
    public Said contrail(String line) {
        return run(EntryPoint.CONTRAIL, line);
    }

    /// Runs `lttng`.
    public Said lttng(String line) {
        return run(EntryPoint.LTTNG, line);
    }

    /// Runs `babeltrace2`.
    public Said babeltrace2(String line) {
        return run(EntryPoint.BABELTRACE, line);
    }

    /// Runs a program of ours.
    public Said run(EntryPoint entry, String line) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Surroundings pipes = Surroundings.piped(out, err, environment);
        int status = Main.run(words(line).toArray(String[]::new), entry, pipes);
        pipes.flush();
        return new Said(status, text(out), text(err));
    }

    /// Runs `contrail` on a terminal.
    ///
    /// @return what the terminal was sent, with its status
    public Said contrailOnTerminal(String line) {
        var terminal = new ByteArrayOutputStream();
        Surroundings around = Surroundings.onTerminal(terminal, environment);
        int status = Main.run(words(line).toArray(String[]::new), EntryPoint.CONTRAIL, around);
        around.flush();
        return new Said(status, text(terminal), "");
    }

    /// Runs `contrail`, and fails when it does.
    ///
    /// @return its standard output
    public String succeed(String line) {
        Said said = contrail(line);
        assertThat(said.status()).as("contrail %s: %s", line, said).isZero();
        return said.out();
    }

    /// Runs a program with this user's environment and waits for it.
    public Said program(List<String> command) throws IOException {
        Path out = Files.createTempFile(directory, "program", ".out");
        Path err = Files.createTempFile(directory, "program", ".err");
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " goes on and on");
            }
            return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /// What was said, without what differs from run to run: the directory, times.
    public String withoutChance(String text) {
        return text.replace(directory.toString(), "DIR").replaceAll("\\d{8}-\\d{6}", "TIME");
    }

    /// As a shell splits them; single quotes only.
    private List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean isWord = false;
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                isQuoted = !isQuoted;
                isWord = true;
            } else if (c == ' ' && !isQuoted) {
                if (isWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                isWord = false;
            } else {
                word.append(c);
                isWord = true;
            }
        }
        if (isWord) {
            words.add(word.toString());
        }
        words.replaceAll(each -> each.replace("DIR", directory.toString()));
        return words;
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// Waits, a bounded time, until something holds.
    public static void await(String what, Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited " + PATIENCE_SECONDS + " s for " + what);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Destroys what is left, and ends the daemon.
    @Override
    public void close() throws IOException {
        if (daemon.isPresent()) {
            contrail("destroy --all");
            endDaemon();
        }
        assertThat(lastWords).as("the daemon's last words").isEmpty();
    }
}
