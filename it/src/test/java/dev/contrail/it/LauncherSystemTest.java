// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher in odd places: a path with blanks, somebody else's checkout, a machine that lacks
/// what it needs.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LauncherSystemTest {
    private static final List<String> ROOMS =
            List.of(
                    "picocli",
                    "aircompressor",
                    "tamboui",
                    "posix",
                    "tracer",
                    "ctf",
                    "wire",
                    "recorder",
                    "kernel",
                    "relay",
                    "analysis",
                    "cli",
                    "samples");

    /// What the launcher calls; Maven and Java are not among it.
    private static final List<String> TOOLS =
            List.of(
                    "sh",
                    "cat",
                    "chmod",
                    "cksum",
                    "cp",
                    "cp",
                    "dirname",
                    "find",
                    "grep",
                    "ln",
                    "ln",
                    "ls",
                    "mkdir",
                    "mv",
                    "mount",
                    "readlink",
                    "rm",
                    "sed",
                    "tee",
                    "touch",
                    "tr",
                    "unshare");

    /// A method that is not there any more would be inlined again, and nobody would see it.
    @Test
    void theMethodsThatItNamesToTheCompilerExist() throws IOException, ClassNotFoundException {
        String launcher = Files.readString(Machine.checkout().resolve("contrail"));
        Matcher method = Pattern.compile("([\\w.]+)::(\\w+)").matcher(launcher);
        int found = 0;
        while (method.find()) {
            String name = method.group(2);
            assertThat(Class.forName("dev.contrail." + method.group(1)).getDeclaredMethods())
                    .as(method.group())
                    .anyMatch(each -> each.getName().equals(name));
            found++;
        }
        assertThat(found).isEqualTo(4);
    }

    /// The launcher has a JVM pass over options that it does not know, and nobody would see it.
    @Test
    void theJvmKnowsTheOptionThatKeepsProfilesOutOfTheCache()
            throws IOException, InterruptedException {
        String option = "-XX:-AOTRecordTraining";
        assertThat(Files.readString(Machine.checkout().resolve("contrail"))).contains(option);
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UnlockDiagnosticVMOptions",
                                option,
                                "-version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(java.waitFor()).isZero();
    }

    /// Of a program that takes words for names of traces, too.
    @Test
    void makesTheStartUpCacheWhicheverProgramComesFirst() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path caches = Files.createDirectory(machine.root().resolve("caches"));
            machine.environment().put("XDG_CACHE_HOME", caches.toString());
            machine.environment().put("CONTRAIL_NO_BUILD", "1");
            Path program = Machine.checkout().resolve("babeltrace2");
            assertThat(machine.run(List.of(program.toString(), "--version")).status()).isZero();
            try (Stream<Path> made = Files.list(caches.resolve("contrail"))) {
                assertThat(made).anyMatch(each -> each.toString().endsWith(".aot"));
            }
        }
    }

    /// Of addresses: what is in use is another thing, and much less.
    @ParameterizedTest
    @CsvSource({"1000000, 3", "2000000, 0"})
    void getsByWithLittleVirtualMemoryOrSaysWhatItNeeds(int limit, int status)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String script =
                    "cd %s && mkdir empty && cd empty && ulimit -v %d && %s version && ls"
                            .formatted(
                                    machine.root(), limit, Machine.checkout().resolve("contrail"));
            Machine.Result result = machine.run(List.of("sh", "-c", script));

            assertThat(result.status()).as(result.err()).isEqualTo(status);
            if (status == 0) {
                assertThat(result.out()).contains("contrail version").doesNotContain("hs_err");
                assertThat(result.err()).isEmpty();
            } else {
                assertThat(result.out()).isEmpty();
                assertThat(result.err()).contains("the limit is 1000000 (ulimit -v). Raise it");
            }
        }
    }

    /// The JVM writes what it dies of into the directory where it was started, unless told another.
    @Test
    void leavesNoFileWhereTheUserIsWhenItDies() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path here = Files.createDirectory(machine.root().resolve("here"));
            Path caches = Files.createDirectories(machine.root().resolve("caches/contrail"));
            machine.environment().put("XDG_CACHE_HOME", caches.getParent().toString());
            machine.environment().put("CONTRAIL_NO_CACHE", "1");
            String script =
                    "cd %s && ulimit -c 0; %s record -u no:such -o %s -- sh -c 'kill -SEGV $PPID'"
                            .formatted(
                                    here,
                                    Machine.checkout().resolve("contrail"),
                                    machine.root().resolve("trace"));
            machine.run(List.of("sh", "-c", script));

            try (Stream<Path> left = Files.list(here)) {
                assertThat(left).isEmpty();
            }
            try (Stream<Path> told = Files.list(caches)) {
                assertThat(told).anyMatch(each -> each.toString().contains("contrail_hs_err_"));
            }
        }
    }

    @Test
    void recordsFromAPathWithBlanks() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path checkout = copy(machine, "a checkout", true);
            Path trace = machine.root().resolve("its trace");
            machine.environment().remove("CONTRAIL_NO_BUILD");
            Path counts = Counter.prepare(machine, 1);
            String jars = jar(checkout, "samples") + ":" + jar(checkout, "tracer");
            Machine.Result result =
                    machine.run(
                            List.of(
                                    checkout.resolve("contrail").toString(),
                                    "record",
                                    "-j", // with the agent, whose path has the blank
                                    "-u",
                                    "count:*",
                                    "-o",
                                    trace.toString(),
                                    "--",
                                    System.getProperty("java.home") + "/bin/java",
                                    "-cp",
                                    jars,
                                    "dev.contrail.samples.count.Counting",
                                    counts.toString(),
                                    "1",
                                    "100",
                                    "0"));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).contains("100 events recorded, 0 lost");
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(100);
        }
    }

    /// The shell writes the bytes of the name: what this test's own Java makes of it depends on the
    /// locale, too.
    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "-u LC_ALL -u LC_CTYPE -u LANG", "LC_ALL=xx_YY.UTF-8"})
    void takesNamesThatAreNotAsciiInAnyLocale(String locale)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path launcher = Machine.checkout().resolve("contrail");
            String script =
                    """
                    set -e
                    trace=%s/$(printf 'out-\\303\\251')
                    contrail() { env %s %s "$@"; }
                    contrail record -o "$trace" -- \
                        env sh -c 'echo "given: ${LC_ALL-none}"'
                    contrail summary "$trace" >/dev/null
                    contrail create "$(printf 's-\\303\\251')" -o "$trace-2"
                    test -d "$trace"
                    """
                            .formatted(machine.root(), locale, launcher);
            Machine.Result result = machine.run(List.of("sh", "-c", script));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Session s-é created.")
                    .contains(
                            locale.startsWith("LC_ALL=")
                                    ? "given: " + locale.substring("LC_ALL=".length())
                                    : "given: none");
        }
    }

    /// Java cannot name such a file: another one would be made.
    @Test
    void aNameThatIsNotUtf8IsRefused() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String script =
                    """
                    cd %s && mkdir traces && LC_ALL=C %s create s -o "traces/$(printf 'b\\377d')"
                    test $? = 1 && test -z "$(ls traces)"
                    """
                            .formatted(machine.root(), Machine.checkout().resolve("contrail"));
            Machine.Result result = machine.run(List.of("sh", "-c", script));

            assertThat(result.err()).contains("is not UTF-8, and cannot be passed on as it is");
            assertThat(result.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"})
    void aProgramThatIsRecordedMeetsNoneOfOurFiles(String closed)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path seen = machine.root().resolve("seen");
            String script =
                    """
                    %s record -u no:such -o %s -- sh -c \
                        'seen=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo "$seen" > %s' %s
                    """
                            .formatted(
                                    Machine.checkout().resolve("contrail"),
                                    machine.root().resolve("trace"),
                                    seen,
                                    closed);
            machine.run(List.of("sh", "-c", script));

            List<String> descriptors = Files.readAllLines(seen);
            assertThat(descriptors).hasSize(3);
            for (int i = 0; i < 3; i++) {
                String word = i == 0 ? "<&-" : i == 1 ? ">&-" : "2>&-";
                if (List.of(closed.split(" ")).contains(word)) {
                    assertThat(descriptors.get(i)).isEqualTo("/dev/null");
                } else {
                    assertThat(descriptors.get(i)).doesNotContain("modules", "sessiond");
                }
            }
        }
    }

    /// What is written over its jars is not what it goes on with, also where it has yet to read a
    /// class; and its copies stay for as long as it runs.
    @Test
    void aProgramThatRunsGoesOnWhileItsJarsAreBuiltAnew() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path checkout = copy(machine, "tree", true);
            machine.environment().put("CONTRAIL_NO_CACHE", "1"); // which has most classes read
            Path runs = checkout.resolve("target/run");
            String launcher = checkout.resolve("contrail").toString();
            Path ready = machine.root().resolve("ready");
            Path go = machine.root().resolve("go");
            String waits =
                    """
                    touch %s
                    while [ ! -e %s ]; do sleep 0.1; done
                    exec %s/bin/java -cp %s:%s dev.contrail.samples.count.Counting %s 1 100 0
                    """
                            .formatted(
                                    ready,
                                    go,
                                    System.getProperty("java.home"),
                                    Machine.jar("samples"),
                                    Machine.jar("tracer"),
                                    Counter.prepare(machine, 1));
            Path trace = machine.root().resolve("trace");
            Process recording =
                    machine.start(
                            List.of(
                                    launcher,
                                    "record",
                                    "-u",
                                    "count:*",
                                    "-o",
                                    trace.toString(),
                                    "--",
                                    "sh",
                                    "-c",
                                    waits));
            Machine.await("the command", () -> Files.exists(ready));
            Path first = runs.resolve("current").toRealPath();

            for (String room : ROOMS) {
                Path jar = jar(checkout, room);
                Files.write(jar, new byte[(int) Files.size(jar)]);
            }
            Files.createFile(go);
            assertThat(recording.waitFor()).isZero();
            assertThat(Files.readString(machine.root().resolve("output")))
                    .contains("100 events recorded, 0 lost");

            Process later =
                    machine.start(
                            List.of(
                                    "sh",
                                    "-c",
                                    "read line < %s; :".formatted(fifo(machine)),
                                    first + "/cli.jar"));
            for (int build = 1; build <= 2; build++) {
                build(checkout, build);
                assertThat(machine.run(List.of(launcher, "version")).status()).isZero();
                assertThat(runs.resolve("current").toRealPath()).isNotEqualTo(first);
            }
            assertThat(first).isDirectory();
            later.destroyForcibly().waitFor();
            build(checkout, 3);
            assertThat(machine.run(List.of(launcher, "version")).status()).isZero();
            assertThat(first).doesNotExist();
            assertThat(machine.run(List.of(launcher, "agent")).out())
                    .isEqualTo(runs.resolve("current/tracer.jar") + "\n");
        }
    }

    /// Something that never ends, where nobody writes.
    private static Path fifo(Machine machine) throws IOException, InterruptedException {
        Path fifo = machine.root().resolve("fifo");
        assertThat(machine.run(List.of("mkfifo", fifo.toString())).status()).isZero();
        return fifo;
    }

    /// What a build does to the jars: the same place, other bytes, another time.
    private static void build(Path checkout, int build) throws IOException {
        for (String room : ROOMS) {
            Path jar = jar(checkout, room);
            Files.write(jar, Files.readAllBytes(Machine.jar(room)));
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(build)));
        }
    }

    @Test
    void keepsNoCacheWithoutAHome() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path launcher = Machine.checkout().resolve("contrail");
            Machine.Result result =
                    machine.run(
                            List.of(
                                    "env",
                                    "-u",
                                    "HOME",
                                    "-u",
                                    "XDG_CACHE_HOME",
                                    "sh",
                                    "-xc",
                                    ". " + launcher,
                                    launcher.toString(),
                                    "version"));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).doesNotContain("mkdir").doesNotContain("-XX:AOTCache");
        }
    }

    @Test
    void usesSomebodyElsesCheckoutAsItIs() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            Path checkout = copy(machine, "theirs", true);
            Path source = Files.createDirectories(checkout.resolve("cli/src/main"));
            Files.createFile(checkout.resolve("cli/pom.xml"));
            Path newer = Files.createFile(source.resolve("Newer.java"));
            Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(60)));
            machine.environment().remove("CONTRAIL_NO_BUILD");
            Machine.Result result = machine.run(asNobody(checkout, "version"));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out()).startsWith("contrail version ");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void saysWhoMustBuildACheckoutThatItMayNotWrite() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            Path checkout = copy(machine, "theirs", false);
            machine.environment().remove("CONTRAIL_NO_BUILD");
            Machine.Result result = machine.run(asNobody(checkout, "version"));

            assertThat(result.status()).isEqualTo(3);
            assertThat(result.err())
                    .contains("Contrail is not built")
                    .contains(checkout + "/contrail version");
        }
    }

    @Test
    void namesThePackageWhenThereIsNoMaven() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path checkout = copy(machine, "fresh", false);
            machine.environment().remove("CONTRAIL_NO_BUILD");
            machine.environment().put("PATH", tools(machine).toString());
            Machine.Result result =
                    machine.run(List.of(checkout.resolve("contrail").toString(), "version"));

            assertThat(result.status()).isEqualTo(3);
            assertThat(result.err()).contains("found none (Debian: apt install maven)");
        }
    }

    @Test
    void namesThePackageWhenThereIsNoJdk() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path checkout = copy(machine, "fresh", false);
            for (String name : List.of("CONTRAIL_JAVA_HOME", "JAVA_HOME")) {
                machine.environment().put(name, "");
            }
            machine.environment().put("PATH", tools(machine).toString());
            Machine.Result result =
                    machine.run(
                            List.of(
                                    "/usr/bin/unshare",
                                    "--mount",
                                    "sh",
                                    "-c",
                                    "[ ! -d /usr/lib/jvm ] || mount -t tmpfs none /usr/lib/jvm;"
                                            + " exec \"$0\" version",
                                    checkout.resolve("contrail").toString()));

            assertThat(result.status()).isEqualTo(3);
            assertThat(result.err())
                    .contains("needs a JDK 25 or newer, and found none")
                    .contains("CONTRAIL_JAVA_HOME");
        }
    }

    private static List<String> asNobody(Path checkout, String word) {
        var command = new ArrayList<>(Machine.asUser(Machine.NOBODY));
        command.add(checkout.resolve("contrail").toString());
        command.add(word);
        return command;
    }

    /// The launcher in a directory of its own, with the rooms' jars or without.
    private static Path copy(Machine machine, String name, boolean isBuilt) throws IOException {
        Path checkout = Files.createDirectory(machine.root().resolve(name));
        machine.open(checkout);
        // Its start-up cache goes with it.
        machine.environment().put("XDG_CACHE_HOME", machine.root().resolve("cache").toString());
        Path launcher = checkout.resolve("contrail");
        Files.copy(Machine.checkout().resolve("contrail"), launcher);
        machine.open(launcher);
        for (String room : isBuilt ? ROOMS : List.<String>of()) {
            Path jar = jar(checkout, room);
            Files.createDirectories(jar.getParent());
            machine.open(jar.getParent().getParent());
            machine.open(jar.getParent());
            Files.copy(Machine.jar(room), jar);
        }
        return checkout;
    }

    private static Path jar(Path checkout, String room) {
        Path jar = Machine.jar(room);
        return checkout.resolve(Machine.checkout().relativize(jar));
    }

    private static Path tools(Machine machine) throws IOException {
        Path directory = Files.createDirectory(machine.root().resolve("bin"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                Path program = Path.of(place, tool);
                Path link = directory.resolve(tool);
                if (Files.isExecutable(program) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, program);
                }
            }
        }
        return directory;
    }
}
