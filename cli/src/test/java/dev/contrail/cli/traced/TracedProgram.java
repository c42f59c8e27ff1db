// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.traced;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.Tracer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A JVM of its own that emits the events that it is told to: [Ticker], without an agent.
public final class TracedProgram implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private TracedProgram(Process process) {
        this.process = process;
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /// Starts it in a user's environment; it knows by then what sessions want of it.
    public static TracedProgram start(Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(command());
        builder.environment().putAll(environment);
        // A busy machine may be slower than a daemon and an application usually wait for each
        // other.
        builder.environment().put("LTTNG_UST_REGISTER_TIMEOUT", "60000");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        var program = new TracedProgram(builder.start());
        assertThat(program.answers.readLine()).isEqualTo("ready");
        return program;
    }

    /// The command line that runs it with these orders.
    public static List<String> command(String... orders) {
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-cp",
                                origin(Tracer.class) + ":" + origin(Ticker.class),
                                Ticker.class.getName()));
        command.addAll(List.of(orders));
        return command;
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Has one of [Ticker]'s orders carried out.
    public TracedProgram order(String order) throws IOException {
        orders.println(order);
        assertThat(answers.readLine()).as(order).isEqualTo("done");
        return this;
    }

    /// Emits that many numbered events.
    public TracedProgram tick(long count) throws IOException {
        return order("tick " + count);
    }

    public long pid() {
        return process.pid();
    }

    /// Kills it with SIGKILL and waits until it is gone.
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// Ends it as a program ends by itself.
    @Override
    public void close() throws IOException {
        orders.close();
        process.onExit().join();
        answers.close();
    }
}
