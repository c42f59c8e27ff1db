// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Classes that are loaded, redefined or given up while rules for their methods come and go.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClassesInMotionSystemTest {
    /// Does what each line of its standard input says, and answers.
    private static final String PROGRAM =
            """
            package com.yard;

            import java.util.Scanner;
            import java.util.concurrent.CountDownLatch;

            public class Yard {
                public static class Base {
                }

                public static class Boat extends Base {
                    private int deck = 7;

                    public int sail(int far) {
                        return far + 1;
                    }

                    public String name() {
                        return "first";
                    }
                }

                /// Its classes' superclass can take as long as wanted.
                static class Loader extends ClassLoader {
                    final CountDownLatch begun = new CountDownLatch(1);
                    final CountDownLatch released = new CountDownLatch(1);

                    Loader() {
                        super(Yard.class.getClassLoader());
                    }

                    @Override
                    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                        try {
                            if (name.endsWith("$Base")) {
                                begun.countDown();
                                released.await();
                            } else if (name.equals(wanted)) {
                                byte[] file = file();
                                return defineClass(name, file, 0, file.length);
                            }
                        } catch (java.io.IOException | InterruptedException e) {
                            throw new ClassNotFoundException(name, e);
                        }
                        return super.loadClass(name, resolve);
                    }
                }

                static java.lang.instrument.Instrumentation agent;

                public static void premain(String arguments, java.lang.instrument.Instrumentation given) {
                    agent = given;
                }

                static byte[] file() throws java.io.IOException {
                    try (var in = Yard.class.getResourceAsStream("/" + wanted.replace('.', '/') + ".class")) {
                        return in.readAllBytes();
                    }
                }

                static byte[] otherFile() throws java.io.IOException {
                    var latin = java.nio.charset.StandardCharsets.ISO_8859_1;
                    return new String(file(), latin).replace("first", "other").getBytes(latin);
                }

                /// Whether a class has probes, as an agent sees it that comes last.
                static int probed(Class<?> of) throws Exception {
                    int[] seen = new int[1];
                    var watcher = new java.lang.instrument.ClassFileTransformer() {
                        @Override
                        public byte[] transform(ClassLoader loader, String name, Class<?> type,
                                java.security.ProtectionDomain domain, byte[] file) {
                            if (type == of) {
                                String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                                seen[0] = text.contains("java/lang/Contrail") ? 1 : 0;
                            }
                            return null;
                        }
                    };
                    agent.addTransformer(watcher, true);
                    agent.retransformClasses(of);
                    agent.removeTransformer(watcher);
                    return seen[0];
                }

                static String wanted = "com.yard.Yard$Boat";
                static Loader loader;
                static Class<?> boat;
                static Thread thread;

                static void load() {
                    try {
                        boat = loader.loadClass(wanted);
                    } catch (ClassNotFoundException e) {
                        throw new AssertionError(e);
                    }
                }

                static String drop() throws InterruptedException {
                    var gone = new java.lang.ref.WeakReference<>(loader);
                    loader = null;
                    boat = null;
                    thread = null;
                    for (int i = 0; i < 200 && gone.get() != null; i++) {
                        System.gc();
                        Thread.sleep(20);
                    }
                    return gone.get() == null ? "gone" : "kept";
                }

                static void sail(int count) throws Exception {
                    Object one = boat.getConstructor().newInstance();
                    var method = boat.getMethod("sail", int.class);
                    for (int i = 0; i < count; i++) {
                        method.invoke(one, i);
                    }
                }

                /// As a server that is given an application again and again.
                static void reload(int count) throws Exception {
                    for (int i = 0; i < count; i++) {
                        loader = new Loader();
                        loader.released.countDown();
                        load();
                        sail(1);
                        if (i % 1000 == 999) {
                            System.gc();
                        }
                    }
                }

                static String name() throws Exception {
                    return (String) boat.getMethod("name").invoke(boat.getConstructor().newInstance());
                }

                public static void main(String[] arguments) throws Exception {
                    Scanner lines = new Scanner(System.in);
                    while (lines.hasNext()) {
                        String what = lines.next();
                        int count = lines.nextInt();
                        if (what.equals("logger")) {
                            wanted = "ch.qos.logback.classic.Logger";
                        } else if (what.equals("begin")) {
                            loader = new Loader();
                            thread = new Thread(Yard::load);
                            thread.start();
                            loader.begun.await();
                        } else if (what.equals("finish")) {
                            loader.released.countDown();
                            thread.join();
                        } else if (what.equals("sail")) {
                            sail(count);
                        } else if (what.equals("reload")) {
                            reload(count);
                        } else if (what.equals("name")) {
                            System.out.println(name());
                        } else if (what.equals("probed")) {
                            Thread.sleep(200); // so that others can change it, too
                            System.out.println(probed(boat));
                        } else if (what.equals("swap")) {
                            agent.redefineClasses(
                                    new java.lang.instrument.ClassDefinition(boat, otherFile()));
                        } else if (what.equals("drop")) {
                            System.out.println(drop());
                        }
                        System.out.println("done");
                    }
                }
            }
            """;

    /// As much of it as is changed.
    private static final String LOGGER =
            """
            package ch.qos.logback.classic;

            public class Logger extends com.yard.Yard.Base {
                public void callAppenders(ch.qos.logback.classic.spi.ILoggingEvent event) {
                }

                public String name() {
                    return "first";
                }
            }
            """;

    private static final String EVENT =
            "package ch.qos.logback.classic.spi; public interface ILoggingEvent {}";

    private Machine machine;
    private Process program;
    private BufferedReader answers;

    @BeforeEach
    void open() throws IOException {
        machine = Machine.open();
    }

    @AfterEach
    void close() throws IOException {
        if (program != null) {
            program.destroyForcibly();
        }
        machine.close();
    }

    private void start(String jdk) throws IOException {
        Path classes = machine.root().resolve("classes");
        CompiledProgram.compile(classes, "Yard", PROGRAM, "--release", "17", "-g", "-parameters");
        CompiledProgram.compile(classes, "ILoggingEvent", EVENT, "--release", "17");
        CompiledProgram.compile(
                classes, "Logger", LOGGER, "--release", "17", "-cp", classes.toString());
        Path jar = machine.root().resolve("own.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "com.yard.Yard");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        var builder =
                new ProcessBuilder(
                        Needs.jdk(jdk).resolve("bin/java").toString(),
                        "-javaagent:" + Machine.jar("tracer"),
                        "-javaagent:" + jar,
                        "-cp",
                        classes.toString(),
                        "com.yard.Yard");
        builder.redirectError(machine.root().resolve("errors").toFile());
        builder.environment().putAll(machine.environment());
        program = builder.start();
        answers = program.inputReader();
    }

    /// @return what it said besides
    private String tell(String what, int count) throws IOException {
        program.outputWriter().write(what + " " + count + "\n");
        program.outputWriter().flush();
        var said = new StringBuilder();
        for (String line = answers.readLine(); ; line = answers.readLine()) {
            assertThat(line).isNotNull();
            if (line.equals("done")) {
                return said.toString();
            }
            said.append(line);
        }
    }

    private void rule(String session, String... settings) throws IOException, InterruptedException {
        machine.succeed("create", session, "-o", machine.root().resolve(session).toString());
        var command =
                new ArrayList<>(List.of("enable-event", "-u", "--method", "com.yard.Yard$Boat.*"));
        command.addAll(List.of(settings));
        machine.succeed(command.toArray(new String[0]));
        machine.succeed("start", session);
    }

    private void awaitProbes(String what) throws InterruptedException {
        Machine.await("probes in the class", () -> tell("probed", 1).equals(what));
    }

    private List<String> view(String name) throws IOException, InterruptedException {
        return machine.succeed("view", machine.root().resolve(name).toString()).lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aClassThatIsBeingLoadedWhenItsRuleComesIsRecordedOnceItIs(String jdk)
            throws IOException, InterruptedException {
        start(jdk);
        tell("begin", 1);
        rule("yard", "--arg", "this.deck", "--arg", "0");
        tell("finish", 1);
        awaitProbes("1");
        Machine.await(
                "the rule has what it wants",
                () -> !machine.succeed("status").contains("no such method"));
        tell("sail", 100);
        machine.succeed("stop");
        List<String> events = view("yard");
        assertThat(events).filteredOn(line -> line.contains("sail_entry")).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aClassThatIsBeingLoadedWhenItsRuleGoesIsLeftAlone(String jdk)
            throws IOException, InterruptedException {
        start(jdk);
        rule("yard", "--arg", "0");
        tell("begin", 1);
        machine.succeed("destroy", "yard");
        tell("finish", 1);
        awaitProbes("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aLoggerThatIsBeingLoadedFollows(String jdk) throws IOException, InterruptedException {
        start(jdk);
        tell("logger", 1);
        tell("begin", 1);
        machine.succeed("create", "log", "-o", machine.root().resolve("log").toString());
        machine.succeed("enable-event", "-u", "logback:*");
        machine.succeed("start", "log");
        tell("finish", 1);
        awaitProbes("1");
        tell("begin", 1);
        machine.succeed("stop", "log");
        tell("finish", 1);
        awaitProbes("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatAnotherAgentRedefinesStays(String jdk) throws IOException, InterruptedException {
        start(jdk);
        rule("yard", "--return");
        tell("begin", 1);
        tell("finish", 1);
        assertThat(tell("name", 1)).isEqualTo("first");
        tell("swap", 1);
        assertThat(tell("name", 1)).isEqualTo("other");
        machine.succeed("disable-event", "-u", "--method", "com.yard.Yard$Boat.*");
        assertThat(tell("name", 1)).isEqualTo("other");
        machine.succeed("enable-event", "-u", "--method", "com.yard.Yard$Boat.name");
        assertThat(tell("name", 1)).isEqualTo("other");
        machine.succeed("stop");
        assertThat(tell("name", 1)).isEqualTo("other");
        assertThat(view("yard"))
                .filteredOn(line -> line.contains("Boat.name_exit"))
                .hasSize(3)
                .anyMatch(line -> line.contains("result = \"other\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatAnotherAgentRedefinesOfALoggerStays(String jdk)
            throws IOException, InterruptedException {
        start(jdk);
        tell("logger", 1);
        machine.succeed("create", "log", "-o", machine.root().resolve("log").toString());
        machine.succeed("enable-event", "-u", "logback:*");
        machine.succeed("start", "log");
        tell("begin", 1);
        tell("finish", 1);
        awaitProbes("1");
        assertThat(tell("name", 1)).isEqualTo("first");
        tell("swap", 1);
        assertThat(tell("name", 1)).isEqualTo("other");
        machine.succeed("stop", "log");
        assertThat(tell("name", 1)).isEqualTo("other");
        machine.succeed("start", "log");
        assertThat(tell("name", 1)).isEqualTo("other");
        assertThat(tell("probed", 1)).isEqualTo("1"); // JDK 17 forgets then what was redefined
    }

    /// More often than there are numbers for methods.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aClassThatIsLoadedAgainAndAgainIsRecordedEachTime(String jdk)
            throws IOException, InterruptedException {
        start(jdk);
        machine.succeed("create", "yard", "-o", machine.root().resolve("yard").toString());
        machine.succeed("enable-event", "-u", "--method", "com.yard.Yard$Boat.sail");
        machine.succeed("start", "yard");
        tell("reload", 17_000);
        assertThat(machine.succeed("status")).doesNotContain("not recorded");
        machine.succeed("stop");
        assertThat(view("yard")).filteredOn(line -> line.contains("sail_entry")).hasSize(17_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void noLoaderIsKept(String jdk) throws IOException, InterruptedException {
        start(jdk);
        tell("begin", 1);
        tell("finish", 1);
        rule("yard", "--return", "--arg", "this.deck", "--arg", "this");
        machine.succeed("create", "others", "-o", machine.root().resolve("others").toString());
        machine.succeed("enable-event", "-u", "-a");
        machine.succeed("enable-event", "-j", "-a");
        machine.succeed("enable-event", "-u", "jfr:jdk.ClassDefine,jfr:jdk.ThreadStart");
        machine.succeed("start", "others");
        tell("sail", 100);
        assertThat(tell("drop", 1)).isEqualTo("gone");
        tell("begin", 1);
        tell("finish", 1);
        tell("sail", 100);
        machine.succeed("destroy", "yard");
        machine.succeed("destroy", "others");
        assertThat(tell("drop", 1)).isEqualTo("gone");
        assertThat(view("yard"))
                .filteredOn(line -> line.contains("sail_entry"))
                .hasSizeGreaterThan(99);
    }
}
