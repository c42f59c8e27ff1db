// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// From a checkout to an installation, to a newer version beside a session that records, to
/// nothing.
class InstallSystemTest {
    private static final int THREADS = 2;
    private static final String WAITS = "Another install is running below ";
    private static final Pattern INSTALLED =
            Pattern.compile("Contrail (\\S+) is (installed|already) in (\\S+)");

    @Test
    void isInstalledUpgradedUnderALiveSessionAndRemoved() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path prefix = machine.root().resolve("prefix");
            Path first = install(machine, List.of(Machine.checkout() + "/contrail"), prefix);
            Path command = prefix.resolve("bin/contrail");
            assertThat(succeed(machine, command, "version")).startsWith("contrail version ");
            assertThat(Files.isRegularFile(first.resolve("start-up.aot"))).isTrue();
            assertThat(Files.isRegularFile(prefix.resolve("share/man/man1/contrail-create.1")))
                    .isTrue();
            assertThat(prefix.resolve("share/bash-completion/completions/contrail"))
                    .isRegularFile();
            assertThat(Files.readAllLines(prefix.resolve("share/zsh/site-functions/_contrail")))
                    .startsWith("#compdef contrail");

            succeed(machine, command, "sessiond", "--background", "--no-kernel");
            succeed(
                    machine,
                    command,
                    "create",
                    "long",
                    "-o",
                    machine.root().resolve("trace").toString());
            succeed(machine, command, "enable-event", "-u", "count:*");
            succeed(machine, command, "start");
            Counter counter = counter(machine, command);
            counter.await(10_000);

            Path second = install(machine, List.of(changed(machine, first) + "/contrail"), prefix);
            assertThat(second).isNotEqualTo(first);
            assertThat(running(machine)).isEqualTo(first.resolve("runtime/bin/java"));
            assertThat(Files.isDirectory(first)).isTrue();
            counter.await(counter.total() + 10_000);

            String moved =
                    succeed(
                            machine,
                            command,
                            "sessiond",
                            "--replace",
                            "--background",
                            "--no-kernel");
            assertThat(moved).contains("ended; the new one takes over ");
            assertThat(running(machine)).isEqualTo(second.resolve("runtime/bin/java"));
            counter.await(counter.total() + 10_000);
            long[] emitted = counter.end();
            succeed(machine, command, "stop");
            Machine.Account account =
                    Machine.Account.of("User space", succeed(machine, command, "status"));
            assertThat(account.recorded() + account.discarded()).isEqualTo(counter.total());
            if (account.discarded() == 0) {
                Ticks.read(machine, machine.root().resolve("trace")).assertAllUpTo(emitted);
            }
            succeed(machine, command, "destroy");

            Machine.Result again =
                    machine.run(
                            List.of(
                                    second + "/contrail",
                                    "install",
                                    "--prefix",
                                    prefix.toString()));
            assertThat(again.out())
                    .contains(" is already in ", "Version " + first.getFileName() + " is removed");
            assertThat(Files.exists(first)).isFalse();

            Machine.Result refused = machine.run(List.of(command.toString(), "uninstall"));
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("runs from " + second, "contrail sessiond --stop");
            assertThat(succeed(machine, command, "sessiond", "--stop"))
                    .matches("Session daemon \\(PID \\d+\\) ended\\s*");
            succeed(machine, command, "uninstall");
            assertThat(prefix).isEmptyDirectory();
        }
    }

    /// Whichever is first makes the version, and the other finds it: none removes what the other
    /// has not finished.
    @Test
    void twoInstallsAtOnceAreOneAfterTheOther() throws Exception {
        try (Machine machine = Machine.open();
                var threads = Executors.newFixedThreadPool(2)) {
            Path prefix = machine.root().resolve("prefix");
            List<String> words =
                    List.of(
                            Machine.checkout() + "/contrail",
                            "install",
                            "--prefix",
                            prefix.toString());
            List<Machine.Result> results = new ArrayList<>();
            for (var each :
                    threads.invokeAll(
                            List.<Callable<Machine.Result>>of(
                                    () -> machine.run(words), () -> machine.run(words)))) {
                results.add(each.get());
            }

            assertThat(results).allMatch(each -> each.status() == 0);
            assertThat(
                            results.stream()
                                    .map(Machine.Result::err)
                                    .filter(each -> each.contains(WAITS)))
                    .hasSize(1);
            assertThat(results.stream().map(each -> each.out().lines().findFirst().orElseThrow()))
                    .anyMatch(line -> line.contains(" is installed in "))
                    .anyMatch(line -> line.contains(" is already in "));
            try (var left = Files.list(prefix.resolve("lib/contrail"))) {
                assertThat(left.map(each -> each.getFileName().toString()))
                        .hasSize(3)
                        .contains("current", "directories")
                        .noneMatch(name -> name.startsWith("."));
            }
            assertThat(succeed(machine, prefix.resolve("bin/contrail"), "version"))
                    .startsWith("contrail version ");
        }
    }

    @Test
    void anIdleDaemonEndsAndABusyOneStays() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel", "--idle-timeout", "5");
            machine.succeed("create", "busy", "--snapshot");
            ProcessHandle daemon = ProcessHandle.of(machine.daemonPid()).orElseThrow();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            Machine.await("more than its timeout", () -> System.nanoTime() > until);
            assertThat(daemon.isAlive()).isTrue();

            machine.succeed("destroy");

            Machine.await("its end", () -> !daemon.isAlive());
            assertThat(machine.runDirectory().resolve("sessiond.pid")).doesNotExist();
            assertThat(machine.contrail("sessiond", "--idle-timeout", "soon").err())
                    .contains("--idle-timeout takes seconds");
        }
    }

    @Test
    void leavesAStrangersFileAlone() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path prefix = machine.root().resolve("prefix");
            Path command = Files.createDirectories(prefix.resolve("bin")).resolve("contrail");
            Files.writeString(command, "another program");

            Machine.Result result =
                    machine.run(
                            List.of(
                                    Machine.checkout() + "/contrail",
                                    "install",
                                    "--prefix",
                                    prefix.toString()));

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains(command + " is not Contrail's");
            assertThat(result.out()).contains(" is installed in ").doesNotContain("The command");
            assertThat(Files.readString(command)).isEqualTo("another program");
        }
    }

    @Test
    void saysWhereItMayNotWrite() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            Machine.Result result = machine.contrail("install", "--prefix", "/usr/local");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains("Cannot write below /usr/local", "--user");
        }
    }

    private static Path install(Machine machine, List<String> program, Path prefix)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(program);
        words.addAll(List.of("install", "--prefix", prefix.toString()));
        Machine.Result result = machine.run(words);
        assertThat(result.status()).as(result.err()).isZero();
        Matcher said = INSTALLED.matcher(result.out());
        assertThat(said.find()).as(result.out()).isTrue();
        return Path.of(said.group(3));
    }

    private static String succeed(Machine machine, Path command, String... words)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(command.toString()));
        all.addAll(List.of(words));
        Machine.Result result = machine.run(all);
        assertThat(result.status()).as(all + result.err() + machine.log()).isZero();
        return result.out();
    }

    /// Recorded by the tracer that the installed command names.
    private static Counter counter(Machine machine, Path command)
            throws IOException, InterruptedException {
        String tracer = succeed(machine, command, "agent").strip();
        assertThat(tracer).endsWith("/lib/contrail/current/lib/tracer.jar");
        return Counter.start(machine, THREADS, 0, 100_000);
    }

    /// A copy of an installed version that differs by a line: a newer version, which has no JDK.
    private static Path changed(Machine machine, Path version)
            throws IOException, InterruptedException {
        Path copy = machine.root().resolve("newer");
        Machine.Result copied =
                machine.run(List.of("cp", "-r", version.toString(), copy.toString()));
        assertThat(copied.status()).as(copied.err()).isZero();
        Files.deleteIfExists(copy.resolve("start-up.aot"));
        Files.writeString(
                copy.resolve("contrail"),
                Files.readString(copy.resolve("contrail")) + "\n# another build\n");
        return copy;
    }

    /// The Java that the daemon runs on.
    private static Path running(Machine machine) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + machine.daemonPid() + "/exe"));
    }
}
