// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// A program that does, when it is told, what JFR has events of, each between two tracepoints.
final class JfrProgram {
    /// What it does in a round, and the event of it; `virtual` where there are virtual threads.
    static final List<String> DONE =
            List.of(
                    "gc GarbageCollection",
                    "monitor JavaMonitorEnter",
                    "park ThreadPark",
                    "socket SocketRead",
                    "write FileWrite",
                    "read FileRead",
                    "exception JavaExceptionThrow");

    private static final String SOURCE =
            """
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;
            import java.io.*;
            import java.net.*;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.locks.LockSupport;
            import jdk.jfr.*;

            public class Doing {
                @Provider("mark")
                public interface Marks {
                    void before(String what);

                    void after(String what);
                }

                public interface Work {
                    void run() throws Exception;
                }

                static class Slow {
                    static {
                        LockSupport.parkNanos(60_000_000);
                    }

                    static void touch() {}
                }

                static final Marks MARKS = Tracer.bind(Marks.class);
                static final Object LOCK = new Object();

                static void mark(String what, Work work) throws Exception {
                    MARKS.before(what);
                    work.run();
                    MARKS.after(what);
                }

                static void contend() throws Exception {
                    Thread holder = new Thread(() -> {
                        synchronized (LOCK) {
                            LockSupport.parkNanos(80_000_000);
                        }
                    });
                    holder.start();
                    while (holder.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    synchronized (LOCK) {
                        MARKS.after("contended");
                    }
                    holder.join();
                }

                static void socket() throws Exception {
                    try (ServerSocket server = new ServerSocket(0);
                            Socket client = new Socket("127.0.0.1", server.getLocalPort());
                            Socket accepted = server.accept()) {
                        Thread writer = new Thread(() -> {
                            LockSupport.parkNanos(50_000_000);
                            try {
                                accepted.getOutputStream().write(1);
                            } catch (IOException e) {
                                e.printStackTrace();
                            }
                        });
                        writer.start();
                        client.getInputStream().read();
                        writer.join();
                    }
                }

                static void throwing() {
                    try {
                        throw new IllegalStateException("thrown here");
                    } catch (IllegalStateException e) {
                    }
                }

                static void pin() throws Exception {
                    Thread pinned = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
                            .invoke(null, (Runnable) Slow::touch);
                    pinned.join();
                }

                static void round(Path file) throws Exception {
                    mark("gc", System::gc);
                    mark("monitor", Doing::contend);
                    mark("park", () -> LockSupport.parkNanos(50_000_000));
                    mark("socket", Doing::socket);
                    mark("write", () -> {
                        try (OutputStream out = new FileOutputStream(file.toFile())) {
                            out.write(new byte[4096]);
                        }
                    });
                    mark("read", () -> {
                        try (InputStream in = new FileInputStream(file.toFile())) {
                            in.read(new byte[4096]);
                        }
                    });
                    mark("exception", Doing::throwing);
                    if (Runtime.version().feature() >= 21) {
                        mark("virtual", Doing::pin);
                    }
                }

                static void tell() {
                    System.out.println("recordings " + FlightRecorder.getFlightRecorder().getRecordings().size());
                    for (Recording each : FlightRecorder.getFlightRecorder().getRecordings()) {
                        System.out.println("settings " + new TreeMap<>(each.getSettings()));
                    }
                    for (EventType each : FlightRecorder.getFlightRecorder().getEventTypes()) {
                        if (each.isEnabled() || each.getName().contains("contrail")) {
                            System.out.println("enabled " + each.getName());
                        }
                    }
                    for (Thread each : Thread.getAllStackTraces().keySet()) {
                        if (each.getName().startsWith("contrail")) {
                            System.out.println("thread " + each.getName());
                        }
                    }
                }

                public static void main(String[] arguments) throws Exception {
                    Path file = Path.of(arguments[0]);
                    if (arguments.length > 1) {
                        round(file);
                        LockSupport.parkNanos(3_000_000_000L);
                        return;
                    }
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        if (line.startsWith("round")) {
                            round(file);
                        } else if (line.startsWith("tell")) {
                            tell();
                        } else if (line.startsWith("exit")) {
                            throwing();
                            System.exit(0);
                        }
                        System.out.println("done " + line);
                    }
                }
            }
            """;

    private final Machine machine;
    private final Process process;
    private int told;

    private JfrProgram(Machine machine, Process process) {
        this.machine = machine;
        this.process = process;
    }

    static void compile(Machine machine) throws IOException {
        CompiledProgram.compile(
                machine.root(),
                "Doing",
                SOURCE,
                "--release",
                "17",
                "-nowarn",
                "-parameters",
                "-cp",
                Machine.jar("tracer").toString());
    }

    /// The command that runs it; with one more word it does one round of it and ends seconds later.
    static List<String> command(Machine machine, String jdk, String... options) {
        var command = new ArrayList<String>();
        command.add(Needs.jdk(jdk).resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", machine.root() + ":" + Machine.jar("tracer"), "Doing"));
        command.add(machine.root().resolve("file").toString());
        return command;
    }

    static JfrProgram start(Machine machine, String jdk, String... options)
            throws IOException, InterruptedException {
        compile(machine);
        return new JfrProgram(machine, machine.start(command(machine, jdk, options)));
    }

    Process process() {
        return process;
    }

    /// Has it do something, and waits until it is done.
    ///
    /// @return what it has printed
    List<String> order(String word) throws IOException, InterruptedException {
        send(word + told);
        String done = "done " + word + told++;
        Machine.await(done, () -> lines().contains(done) || !process.isAlive());
        List<String> all = lines();
        int end = all.indexOf(done);
        int begin = end;
        while (begin > 0 && !all.get(begin - 1).startsWith("done ")) {
            begin--;
        }
        return all.subList(begin, end).stream().filter(line -> !line.startsWith("[")).toList();
    }

    private void send(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /// Has it end itself.
    void exit() throws IOException, InterruptedException {
        send("exit");
        process.waitFor();
    }

    /// All that it has printed.
    List<String> all() throws IOException {
        return lines();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(machine.root().resolve("output"));
    }
}
