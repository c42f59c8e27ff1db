// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A user's account of its own: home, run directory, ring directory. Runs the real program in it as
/// a user would, and leaves nothing behind.
final class Machine implements AutoCloseable {
    /// What a program printed, and how it ended.
    record Result(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    /// What may take a moment to become true.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static final int NOBODY = 65_534;
    private static final long PATIENCE_SECONDS = 300;
    private static final Pattern ACCOUNT =
            Pattern.compile(
                    "([^:]+): .*; ([0-9,]+) recorded, ([0-9,]+) overwritten, ([0-9,]+) discarded");

    private final Path root;
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> started = new ArrayList<>();
    private final List<Path> mounts = new ArrayList<>();
    private List<String> prefix = List.of();

    private Machine(Path root) {
        this.root = root;
        this.home = root.resolve("home");
        environment.put("LTTNG_HOME", home.toString());
        environment.put("LTTNG_RUNDIR", root.resolve("run").toString());
        // A busy machine may be slower than a daemon and an application usually wait for each
        // other.
        environment.put("LTTNG_UST_REGISTER_TIMEOUT", "60000");
        environment.put("LTTNG_APP_SOCKET_TIMEOUT", "60");
        environment.put("CONTRAIL_NO_BUILD", "1");
        environment.put("TZ", "UTC");
        environment.put("LC_ALL", "C.UTF-8");
    }

    static Machine open() throws IOException {
        var machine = new Machine(Files.createTempDirectory("contrail-it-"));
        Files.createDirectories(machine.home);
        return machine;
    }

    /// The account of another user, who has no rights. Only root can have this.
    static Machine openAsNobody() throws IOException {
        Machine machine = open();
        machine.prefix = asUser(NOBODY);
        for (Path each : List.of(machine.root, machine.home)) {
            Files.setAttribute(each, "unix:uid", NOBODY);
        }
        machine.environment.put("HOME", machine.home.toString());
        machine.environment.put("XDG_CACHE_HOME", machine.root.resolve("cache").toString());
        machine.environment.put("CONTRAIL_NO_CACHE", "1");
        return machine;
    }

    /// Another account, whose `contrail` runs after these words.
    static Machine openBehind(List<String> words) throws IOException {
        Machine machine = open();
        machine.prefix = words;
        return machine;
    }

    /// The words before a command that make another user run it.
    static List<String> asUser(int uid) {
        return List.of(
                "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--inh-caps=-all");
    }

    /// A file system in memory of that many KiB, below this account's directory, until the end of
    /// the test. Only root can have this.
    Path smallDisk(String name, int kibibytes) throws IOException, InterruptedException {
        Path place = Files.createDirectory(root.resolve(name));
        Result mounted =
                run(
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "mode=700,size=" + kibibytes + "k",
                                "contrail-it",
                                place.toString()));
        assertThat(mounted.status()).as(mounted.err()).isZero();
        mounts.add(place);
        return place;
    }

    /// A file system of its own of that many MiB, which `fsfreeze` can make silent, until the end
    /// of the test. Only root can have this.
    Path loopDisk(String name, int mebibytes) throws IOException, InterruptedException {
        Path place = Files.createDirectory(root.resolve(name));
        String image = root.resolve(name + ".img").toString();
        for (List<String> each :
                List.of(
                        List.of("truncate", "-s", mebibytes + "M", image),
                        List.of("mkfs.ext4", "-q", image),
                        List.of("mount", "-o", "loop", image, place.toString()))) {
            Result done = run(each);
            assertThat(done.status()).as(done.err()).isZero();
        }
        mounts.add(place);
        return place;
    }

    /// Lets other users into a directory, such as this account's, whose programs they run.
    void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The checkout that this test runs in.
    static Path checkout() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(here.resolve("contrail"))) {
            here = here.getParent();
        }
        return here;
    }

    Path root() {
        return root;
    }

    Path home() {
        return home;
    }

    Path runDirectory() {
        return root.resolve("run");
    }

    Map<String, String> environment() {
        return environment;
    }

    /// Runs `contrail` with these words and waits for it.
    Result contrail(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.addAll(prefix);
        command.add(checkout().resolve("contrail").toString());
        command.addAll(List.of(words));
        return run(command);
    }

    /// Runs `contrail`, which has to end with that status and say so on standard error.
    void refused(int status, String why, String... words) throws IOException, InterruptedException {
        Result result = contrail(words);
        assertThat(result.status()).as(why).isEqualTo(status);
        assertThat(result.err()).contains(why);
    }

    /// Runs `contrail`, and fails when it does.
    String succeed(String... words) throws IOException, InterruptedException {
        Result result = contrail(words);
        if (result.status() != 0) {
            throw new AssertionError(
                    "contrail %s: status %d%n%s%s%n%s"
                            .formatted(
                                    String.join(" ", words),
                                    result.status(),
                                    result.out(),
                                    result.err(),
                                    log()));
        }
        return result.out();
    }

    /// What `status`, `stop` or `snapshot record` says of a domain: recorded, overwritten,
    /// discarded.
    record Account(long recorded, long overwritten, long discarded) {
        /// Fails when the text has no account of that domain.
        static Account of(String domain, String text) {
            for (String line : text.lines().toList()) {
                Matcher matcher = ACCOUNT.matcher(line);
                if (matcher.matches() && matcher.group(1).equals(domain)) {
                    return new Account(
                            number(matcher.group(2)),
                            number(matcher.group(3)),
                            number(matcher.group(4)));
                }
            }
            throw new AssertionError("no account of " + domain + " in:\n" + text);
        }

        private static long number(String text) {
            return Long.parseLong(text.replace(",", ""));
        }
    }

    /// The account of the current session's JVM tracepoints.
    Account account() throws IOException, InterruptedException {
        return Account.of("User space", succeed("status"));
    }

    /// Takes a snapshot.
    ///
    /// @return its directory
    Path snapshot(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("snapshot", "record"));
        command.addAll(List.of(words));
        return snapshotOf(succeed(command.toArray(String[]::new)));
    }

    /// The directory that `snapshot record` has printed.
    static Path snapshotOf(String printed) {
        String prefix = "Snapshot written at: ";
        return printed.lines()
                .filter(each -> each.startsWith(prefix))
                .map(each -> Path.of(each.substring(prefix.length())))
                .findFirst()
                .orElseThrow();
    }

    /// Waits, a bounded time, until something holds.
    static void await(String what, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited " + PATIENCE_SECONDS + " s for " + what);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (IOException e) {
            throw new AssertionError("waiting for " + what, e);
        }
    }

    /// The command that runs another one as process 1 of a namespace, with mounts of its own. Root.
    static List<String> firstProcess(String... command) {
        var words = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork"));
        words.addAll(List.of("--kill-child", "--mount-proc"));
        words.addAll(List.of(command));
        return List.copyOf(words);
    }

    /// Runs a program with this account's environment and waits for it.
    Result run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(root, "out", "");
        Path err = Files.createTempFile(root, "err", "");
        Process process =
                builder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        started.add(process);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    "%s did not end within %d s%n%s%s"
                            .formatted(command, PATIENCE_SECONDS, Files.readString(err), log()));
        }
        var result =
                new Result(
                        process.exitValue(),
                        Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
        Files.delete(out);
        Files.delete(err);
        return result;
    }

    /// Starts a program that goes on; it is killed at the end of the test.
    Process start(List<String> command) throws IOException {
        Process process =
                builder(command)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(root.resolve("output").toFile()))
                        .redirectErrorStream(true)
                        .start();
        started.add(process);
        return process;
    }

    /// The command that runs a class of the samples under the tracer's agent.
    List<String> sample(String mainClass, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-javaagent:" + jar("tracer"));
        command.add("-cp");
        command.add(jar("samples") + ":" + jar("tracer"));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    static Path jar(String room) {
        return checkout().resolve(room + "/target/" + room + "-0.1.0-SNAPSHOT.jar");
    }

    /// The process id of this account's daemon.
    long daemonPid() throws IOException {
        return Long.parseLong(Files.readString(runDirectory().resolve("sessiond.pid")).strip());
    }

    /// Kills the daemon with SIGKILL and waits until it is gone.
    void killDaemon() throws IOException, InterruptedException {
        ProcessHandle daemon = ProcessHandle.of(daemonPid()).orElseThrow();
        daemon.destroyForcibly();
        daemon.onExit().join();
    }

    /// Starts a daemon anew, as `contrail sessiond --background` does.
    void restartDaemon() throws IOException, InterruptedException {
        succeed("sessiond", "--background");
    }

    String log() throws IOException {
        Path log = runDirectory().resolve("sessiond.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() throws IOException {
        started.forEach(Machine::kill);
        if (Files.exists(runDirectory().resolve("control.sock"))) {
            try {
                contrail("destroy", "--all");
                ProcessHandle.of(daemonPid())
                        .ifPresent(daemon -> {
                            daemon.destroy();
                            daemon.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
                        });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (Path each : mounts) {
            unmount(each);
        }
        try (var below = Files.walk(root)) {
            for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /// Ends a program and those that it has started: none may write here any more.
    private static void kill(Process process) {
        var all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }

    private void unmount(Path place) throws IOException {
        try {
            // Lazily: a killed program's last breath must not keep it.
            run(List.of("umount", "-l", place.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LTTNG_"));
        builder.environment().putAll(environment);
        return builder;
    }
}
