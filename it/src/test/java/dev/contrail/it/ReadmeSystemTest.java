// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The README's commands do what it says, pasted line by line.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ReadmeSystemTest {
    private static final List<String> PROGRAMS = List.of("contrail ", "java ");

    @Test
    void everyCommandOfTheScenarioSucceedsAsItIsWritten() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            String script = script("The flight recorder");
            Machine.Result result = machine.run(List.of("bash", "-euc", script));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Spawning a session daemon")
                    .contains("Snapshot written at: ")
                    .contains("s of history in memory")
                    .contains(" shop:failed: ")
                    .contains(" lttng_jul:event: ")
                    .contains(" sched_switch: ")
                    .contains("destroyed");
        }
    }

    @Test
    void aPlainUserWhoHasInstalledItCanDoTheSame() throws IOException, InterruptedException {
        Needs.root(); // who can become another user
        try (Machine machine = Machine.openAsNobody()) {
            machine.environment().remove("CONTRAIL_NO_CACHE");
            machine.succeed("install", "--user");
            Path bin = machine.home().resolve(".local/bin");
            String script =
                    "PATH=%s:$PATH\n".formatted(bin)
                            + lines("The flight recorder").replaceAll(".* -k .*\n", "");
            var command = new ArrayList<>(Machine.asUser(Machine.NOBODY));
            command.addAll(List.of("bash", "-euc", script));

            Machine.Result result = machine.run(command);

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Spawning a session daemon")
                    .contains("Snapshot written at: ")
                    .contains(" shop:failed: ")
                    .contains(" lttng_jul:event: ")
                    .contains("destroyed");
            assertThat(Files.readSymbolicLink(bin.resolve("contrail")).toString())
                    .isEqualTo("../lib/contrail/current/contrail");
        }
    }

    @Test
    void everyCommandForAnyTraceSucceedsAsItIsWritten() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("demo");
            machine.succeed("demo", "-o", trace.toString());
            String script = script("Any trace").replace("TRACE", trace.toString());
            Machine.Result result = machine.run(List.of("bash", "-euc", script));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("  Domain: ust")
                    .contains(" shop:failed: ")
                    .containsPattern("\"event\":\"shop:\\w+\".*\"procname\":\"Shop\".*\"cents\":");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void everyCommandForMethodsSucceedsAsItIsWritten() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Process shop = shop(machine);
            try {
                String script = script("Methods of a program");
                int started = script.indexOf('\n', script.indexOf("contrail start"));
                Machine.Result begun =
                        machine.run(List.of("bash", "-euc", script.substring(0, started)));
                assertThat(begun.status()).as(begun.err()).isZero();
                Machine.await(
                        "calls are recorded",
                        () -> !machine.succeed("status").contains(" 0 recorded"));
                Machine.Result result =
                        machine.run(
                                List.of("bash", "-euc", script(" ") + script.substring(started)));

                assertThat(result.status()).as(result.err()).isZero();
                assertThat(result.out())
                        .containsPattern("Cart.add_entry: .*by = 1, order_customer_id = 7 ")
                        .containsPattern("Cart.add_exit: .*duration_ns = \\d+, result = \\d");
            } finally {
                shop.destroyForcibly();
            }
        }
    }

    /// A program that is called as the README has it, and adds to a cart for ever.
    private static Process shop(Machine machine) throws IOException {
        String program =
                """
                package com.shop;

                public class Cart {
                    static class Customer {
                        int id = 7;
                    }

                    static class Order {
                        Customer customer = new Customer();
                    }

                    int sum;

                    int add(Order order, int by) {
                        return sum += by;
                    }

                    public static void main(String[] arguments) throws InterruptedException {
                        for (Cart cart = new Cart();;) {
                            cart.add(new Order(), 1);
                            Thread.sleep(10);
                        }
                    }
                }
                """;
        Path classes = machine.root().resolve("classes");
        CompiledProgram.compile(classes, "Cart", program, "--release", "17", "-g");
        Path jar = machine.root().resolve("shop.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", "com.shop.Cart");
        manifest.getMainAttributes().putValue("Class-Path", classes.toUri().toString());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        jar.toString());
        builder.redirectErrorStream(true);
        builder.redirectOutput(machine.root().resolve("shop.out").toFile());
        builder.environment().putAll(machine.environment());
        return builder.start();
    }

    @Test
    void theDemonstrationShowsTheFailureAndLeavesOnlyTheTrace()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String out = machine.succeed("demo", "-o", machine.root().resolve("demo").toString());

            assertThat(out).contains(" shop:failed: ").contains("babeltrace2 ");
            assertThat(machine.runDirectory()).doesNotExist();
        }
    }

    /// The commands of a section, run by this checkout.
    private static String script(String section) throws IOException {
        return "contrail() { %s \"$@\"; }\n".formatted(Machine.checkout().resolve("contrail"))
                + lines(section);
    }

    /// The indented lines of a section that run a program.
    private static String lines(String section) throws IOException {
        var script = new StringBuilder();
        boolean isInside = false;
        for (String line : Files.readAllLines(Machine.checkout().resolve("README.md"))) {
            if (line.startsWith("## ")) {
                isInside = line.equals("## " + section);
            } else if (isInside && PROGRAMS.stream().anyMatch(line.strip()::startsWith)) {
                script.append(line.strip()).append('\n');
            }
        }
        return script.toString();
    }
}
