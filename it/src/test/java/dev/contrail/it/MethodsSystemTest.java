// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
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
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Methods of programs that know nothing of us are events while a session wants them.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MethodsSystemTest {
    /// Does what each line of its standard input says, and answers.
    private static final String PROGRAM =
            """
            package com.shop;

            import java.util.ArrayList;
            import java.util.List;
            import java.util.Scanner;

            public class Shop {
                static class Customer {
                    private final long number = 4711;
                    private final String name;

                    Customer(String name) {
                        this.name = name;
                    }
                }

                static class Order {
                    private final int id;
                    private final Customer customer;

                    Order(int id, Customer customer) {
                        this.id = id;
                        this.customer = customer;
                    }

                    @Override
                    public String toString() {
                        throw new AssertionError("nobody asks for this");
                    }
                }

                static class Cart {
                    private int count;

                    synchronized int add(Order order, int by) {
                        if (by == 13) {
                            throw new IllegalStateException("unlucky 13 \u20ac");
                        }
                        return count += by;
                    }

                    int depth(int of) {
                        return of == 0 ? 0 : 1 + depth(of - 1);
                    }

                    void pause(int millis) throws InterruptedException {
                        Thread.sleep(millis);
                    }

                    Long boxed(Integer count, Float part, java.util.concurrent.TimeUnit unit, Object more) {
                        return count == null ? null : count * 10_000_000_000L;
                    }

                    static class Silent extends RuntimeException {
                        @Override
                        public String getMessage() {
                            throw new AssertionError("nobody asks for this");
                        }
                    }

                    int length(String of) {
                        if (of != null) {
                            throw new Silent();
                        }
                        return of.length();
                    }

                    double half(double of) {
                        return of / 2;
                    }

                    int deep = 0;

                    void endless() {
                        deep++;
                        endless();
                    }
                }

                static class Later {
                    final String text;

                    Later(String text) {
                        this.text = text;
                    }

                    String twice(String more) {
                        return text + more;
                    }
                }

                static void add(Cart cart, int i) {
                    try {
                        cart.add(i % 10 == 9 ? null : new Order(i, i % 10 == 8 ? null : new Customer("name " + i)), i);
                    } catch (IllegalStateException e) {
                        // the thirteenth
                    }
                }

                static java.lang.instrument.Instrumentation agent;

                public static void premain(String arguments, java.lang.instrument.Instrumentation given) {
                    agent = given;
                }

                /// Of the code of a class, as an agent sees it that comes last; without the constants,
                /// since the JVM keeps those that it has once seen behind the others.
                static String code(Class<?> of) throws Exception {
                    byte[][] seen = new byte[1][];
                    var watcher = new java.lang.instrument.ClassFileTransformer() {
                        @Override
                        public byte[] transform(ClassLoader loader, String name, Class<?> type,
                                java.security.ProtectionDomain domain, byte[] file) {
                            seen[0] = type == of ? file.clone() : seen[0];
                            return null;
                        }
                    };
                    agent.addTransformer(watcher, true);
                    agent.retransformClasses(of);
                    agent.removeTransformer(watcher);
                    var in = new java.io.DataInputStream(new java.io.ByteArrayInputStream(seen[0]));
                    in.readLong();
                    int count = in.readUnsignedShort();
                    for (int i = 1; i < count; i++) {
                        int tag = in.readByte();
                        in.skipBytes(switch (tag) {
                            case 1 -> in.readUnsignedShort();
                            case 7, 8, 16, 19, 20 -> 2;
                            case 15 -> 3;
                            case 5, 6 -> 8;
                            default -> 4;
                        });
                        i += tag == 5 || tag == 6 ? 1 : 0;
                    }
                    byte[] rest = in.readAllBytes();
                    return rest.length + " bytes, " + java.util.Arrays.hashCode(rest);
                }

                public static void main(String[] arguments) throws Exception {
                    Cart cart = new Cart();
                    add(cart, 1);
                    Scanner lines = new Scanner(System.in);
                    while (lines.hasNext()) {
                        String what = lines.next();
                        int count = lines.nextInt();
                        if (what.equals("add")) {
                            for (int i = 0; i < count; i++) {
                                add(cart, i);
                            }
                        } else if (what.equals("code")) {
                            System.out.println(code(Cart.class));
                        } else if (what.equals("parameters")) {
                            System.out.println(java.util.Arrays.toString(Cart.class
                                    .getDeclaredMethod("add", Order.class, int.class).getParameters()));
                            System.out.println(java.util.Arrays.toString(Cart.class
                                    .getDeclaredMethod("half", double.class).getParameters()));
                        } else if (what.equals("depth")) {
                            cart.depth(count);
                        } else if (what.equals("boxed")) {
                            cart.boxed(count, 1.5f, java.util.concurrent.TimeUnit.DAYS, 'x');
                            cart.boxed(null, null, null, true);
                        } else if (what.equals("length")) {
                            try {
                                cart.length(count == 0 ? null : "text");
                            } catch (RuntimeException e) {
                                // as it must be
                            }
                        } else if (what.equals("pause")) {
                            cart.pause(count);
                        } else if (what.equals("half")) {
                            cart.half(count);
                        } else if (what.equals("endless")) {
                            for (int i = 0; i < count; i++) {
                                try {
                                    cart.endless();
                                } catch (StackOverflowError e) {
                                    // as it must be
                                }
                            }
                            System.out.println("deep " + cart.deep);
                        } else if (what.equals("later")) {
                            for (int i = 0; i < count; i++) {
                                new Later("x").twice("y" + i);
                            }
                        } else if (what.equals("list")) {
                            List<String> list = new ArrayList<>();
                            for (int i = 0; i < count; i++) {
                                list.add("this one");
                            }
                        } else if (what.equals("require")) {
                            Thread requiring = new Thread(() -> {
                                Order marked = new Order(1, null);
                                for (int i = 0; i < count; i++) {
                                    java.util.Objects.requireNonNull(marked);
                                    Integer.toHexString(i);
                                }
                            }, "requiring");
                            requiring.start();
                            requiring.join();
                        } else if (what.equals("socket")) {
                            for (int i = 0; i < count; i++) {
                                try {
                                    new java.net.Socket().connect(new java.net.InetSocketAddress(-1 + 1), 1);
                                } catch (java.io.IOException e) {
                                    // nobody listens
                                }
                            }
                        } else if (what.equals("virtual")) {
                            List<Thread> threads = new ArrayList<>();
                            for (int i = 0; i < count; i++) {
                                int number = i;
                                threads.add((Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
                                        .invoke(null, (Runnable) () -> add(cart, number)));
                            }
                            for (Thread each : threads) {
                                each.join();
                            }
                        }
                        System.out.println("done");
                    }
                }
            }
            """;

    private static final Pattern DISCARDED = Pattern.compile("([\\d,]+) discarded");

    private Machine machine;
    private Path classes;
    private Process program;
    private BufferedReader answers;

    @BeforeEach
    void open() throws IOException {
        machine = Machine.open();
        classes = machine.root().resolve("classes");
        CompiledProgram.compile(classes, "Shop", PROGRAM, "--release", "17", "-g", "-parameters");
    }

    @AfterEach
    void close() throws IOException {
        if (program != null) {
            program.destroyForcibly();
        }
        machine.close();
    }

    private void start(Path jdk, String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(jdk.resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classes.toString(), "com.shop.Shop"));
        var builder = new ProcessBuilder(command);
        builder.redirectError(machine.root().resolve("errors").toFile());
        builder.environment().putAll(machine.environment());
        program = builder.start();
        answers = program.inputReader();
    }

    /// An agent of the program's own, which comes after ours where it is named after it.
    private String ownAgent() throws IOException {
        Path jar = machine.root().resolve("own.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "com.shop.Shop");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return "-javaagent:" + jar;
    }

    private static String agent() {
        return "-javaagent:" + Machine.jar("tracer");
    }

    /// @return what it said besides
    private String work(String what, int count) throws IOException {
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

    private void create(String name) throws IOException, InterruptedException {
        machine.succeed("create", name, "-o", machine.root().resolve(name).toString());
        machine.succeed("enable-channel", "-u", "channel0", "--num-subbuf", "16");
    }

    private List<String> view(String name) throws IOException, InterruptedException {
        return machine.succeed("view", machine.root().resolve(name).toString()).lines().toList();
    }

    private static long count(List<String> events, String name) {
        return events.stream().filter(line -> line.contains(" method:" + name + ": ")).count();
    }

    private static long number(String field, String event) {
        return Long.parseLong(event.replaceAll(".* " + field + " = (-?\\d+).*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatALongRunningProgramCallsIsRecordedUntilItIsNotWanted(String jdk)
            throws IOException, InterruptedException {
        start(Needs.jdk(jdk));
        work("add", 20_000); // long loaded, and compiled
        String parameters = work("parameters", 1);
        assertThat(parameters).contains("Order order, int by", "double of");
        create("shop");
        machine.succeed("attach", Long.toString(program.pid()));
        machine.succeed("start");
        work("add", 100);
        String said =
                machine.succeed(
                        "enable-event",
                        "-u",
                        "--method",
                        "com.shop.Shop$Cart.add(*),com.shop.Shop$Cart.depth(int)",
                        "--arg",
                        "by",
                        "--arg",
                        "order.id",
                        "--arg",
                        "0.customer.name",
                        "--arg",
                        "order.customer.number",
                        "--arg",
                        "order",
                        "--return");
        assertThat(said).contains("com.shop.Shop$Cart.depth(int) created in channel channel0");
        work("add", 1000);
        work("depth", 5);
        assertThat(work("parameters", 1)).isEqualTo(parameters); // JDK 17 would lose them
        assertThat(machine.succeed("list", "shop"))
                .contains(
                        "com.shop.Shop$Cart.add(*) (type: method) [enabled] [settings: arg=0.customer.name ");
        machine.succeed("disable-event", "-u", "--method", "com.shop.Shop$Cart.add(*)");
        work("add", 50);
        work("depth", 3);
        machine.succeed("stop");
        work("depth", 3);
        machine.succeed("destroy");
        assertThat(work("parameters", 1)).isEqualTo(parameters);

        List<String> events = view("shop");
        assertThat(count(events, "com.shop.Shop$Cart.add_entry")).isEqualTo(1000);
        assertThat(count(events, "com.shop.Shop$Cart.add_exit")).isEqualTo(1000);
        assertThat(count(events, "com.shop.Shop$Cart.depth_entry")).isEqualTo(6 + 4);
        assertThat(events).hasSize(2 * (1000 + 6 + 4));
        List<String> entries = events.stream().filter(line -> line.contains("add_entry")).toList();
        assertThat(entries.get(12))
                .contains("order_customer_name = \"name 12\"", "by = 12", "order_id = 12")
                .contains("order_customer_number = 4711")
                .containsPattern(" order = \"com.shop.Shop\\$Order@[0-9a-f]+\"");
        assertThat(entries.get(18)).contains("order_customer_name = \"null\"", "order_id = 18");
        assertThat(entries.get(19)).contains("order_id = 0", " order = \"null\"");
        List<String> exits = events.stream().filter(line -> line.contains("add_exit")).toList();
        assertThat(exits.get(13))
                .contains("exception = \"java.lang.IllegalStateException\"")
                .contains("result = 0", "message = \"unlucky 13 \u20ac\"");
        assertThat(number("result", exits.get(15))).isEqualTo(number("result", exits.get(14)) + 15);
        assertThat(exits)
                .allSatisfy(event -> assertThat(number("duration_ns", event)).isPositive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void twoSessionsHaveEachItsOwnAndTheCodeIsWhatItWasAfterThem(String jdk)
            throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent(), ownAgent());
        String code = work("code", 1);
        create("all");
        machine.succeed("enable-event", "-u", "--method", "com.shop.Shop$Cart.*");
        machine.succeed("start", "all");
        work("half", 3);
        create("some");
        machine.succeed("enable-event", "-u", "-a"); // none of them
        machine.succeed(
                "enable-event",
                "-u",
                "--method",
                "com.shop.Shop$Cart.half",
                "--arg",
                "of",
                "--return");
        machine.succeed("start", "some");
        String probed = work("code", 1);
        work("half", 5);
        work("depth", 1);
        machine.succeed("stop", "all");
        assertThat(work("code", 1)).isNotIn(code, probed);
        work("half", 7);
        machine.succeed("stop", "some");
        assertThat(work("code", 1)).isEqualTo(code).isNotEqualTo(probed);
        work("half", 7);

        List<String> all = view("all");
        assertThat(count(all, "com.shop.Shop$Cart.half_entry")).isEqualTo(2);
        assertThat(count(all, "com.shop.Shop$Cart.depth_exit")).isEqualTo(2);
        assertThat(all).hasSize(2 * (2 + 2)).noneMatch(line -> line.contains("of = "));
        List<String> some = view("some");
        assertThat(some).hasSize(2 * 2);
        assertThat(some.get(0)).contains("half_entry: ", "{ of = 5 }");
        assertThat(some.get(1)).contains("half_exit: ", "result = 2.5, exception = \"\"");
    }

    private void rule(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("enable-event", "-u", "--method"));
        command.addAll(List.of(words));
        machine.succeed(command.toArray(new String[0]));
    }

    /// As LTTng has it, a filter rejects the events of the class whose fields it does not fit.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aFilterIsAskedOfEntryAndExitEach(String jdk) throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent());
        work("add", 20_000);
        String cart = "com.shop.Shop$Cart.";
        create("few");
        rule(cart + "add", "--arg", "by", "-f", "by >= 990");
        rule(cart + "add", "--arg", "by", "-f", "exception == \"*Illegal*\" && duration_ns >= 0");
        create("results");
        rule(cart + "half", "--return", "-f", "result == 1.5 && exception == \"\"");
        create("slow");
        rule(cart + "pause", "--threshold", "30ms");
        rule(cart + "add", "--threshold", "30ms", "--filter", "exception != \"\"");
        create("context");
        rule(cart + "half", "--filter", "$ctx.vpid == " + program.pid());
        rule(cart + "depth", "--filter", "$ctx.vpid == 1");
        rule(cart + "half", "--return", "--filter", "nosuchfield == 1");
        for (String each : List.of("few", "results", "slow", "context")) {
            machine.succeed("start", each);
        }
        work("add", 1000);
        work("half", 3);
        work("half", 4);
        work("depth", 4);
        work("pause", 0);
        work("pause", 31);
        assertThat(machine.succeed("list", "slow")).contains("duration_ns >= 30000000");
        for (String each : List.of("few", "results", "slow", "context")) {
            machine.succeed("stop", each);
        }

        List<String> few = view("few");
        assertThat(count(few, cart + "add_entry")).isEqualTo(10);
        assertThat(few).hasSize(11).filteredOn(line -> line.contains("unlucky 13")).hasSize(1);
        assertThat(view("results")).singleElement().asString().contains("half_exit", "= 1.5");
        assertThat(view("slow")).singleElement().asString().contains("pause_exit");
        assertThat(view("context")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatIsInABoxIsRecordedAsWhatItIs(String jdk) throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent());
        work("half", 1);
        create("boxes");
        rule(
                "com.shop.Shop$Cart.boxed,com.shop.Shop$Cart.length",
                "--arg",
                "0",
                "--arg",
                "1",
                "--arg",
                "2",
                "--arg",
                "3",
                "--return");
        rule("com.shop.*");
        machine.succeed("start");
        work("boxed", 3);
        work("length", 0);
        work("length", 1);
        String status = machine.succeed("status");
        assertThat(status).contains("those of the classes of the package are com.shop.*.*");
        machine.succeed("stop");
        assertThat(machine.succeed("status"))
                .as("after the stop, too")
                .contains("those of the classes of the package are com.shop.*.*");

        List<String> events = view("boxes");
        assertThat(events).hasSize(8);
        assertThat(events.get(0))
                .contains("count = \"3\", part = \"1.5\", unit = \"DAYS\", more = \"x\"");
        assertThat(events.get(1)).contains("result = \"30000000000\"");
        assertThat(events.get(2)).contains("count = \"null\"", "more = \"true\"");
        assertThat(events.get(3)).contains("result = \"null\"");
        assertThat(events.get(5)).contains("NullPointerException", "String.length()", "is null");
        assertThat(events.get(7)).contains("Cart$Silent\", message = \"\"");
    }

    @Test
    void whatMethodsDoNotHaveIsRefused() throws IOException, InterruptedException {
        create("refused");
        for (List<String> each :
                List.of(
                        List.of("--loglevel", "WARNING"),
                        List.of("-x", "com.shop.Shop.main"),
                        List.of("--stack", "5"))) {
            var command =
                    new ArrayList<>(List.of("enable-event", "-u", "--method", "com.shop.Shop.*"));
            command.addAll(each);
            Machine.Result refused = machine.contrail(command.toArray(new String[0]));
            assertThat(refused.status()).isNotZero();
            assertThat(refused.err()).contains("is not for methods");
        }
        assertThat(machine.succeed("list", "refused")).doesNotContain("com.shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatIsLoadedLaterIsRecordedFromItsFirstCallOn(String jdk)
            throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent());
        create("later");
        Machine.Result enabled =
                machine.contrail(
                        "enable-event",
                        "-u",
                        "--method",
                        "com.shop.Shop$Later.twice",
                        "--arg",
                        "0",
                        "--return");
        assertThat(enabled.status()).isZero();
        machine.succeed("enable-event", "-u", "--method", "com.shop.Shop$Later.<init>");
        assertThat(machine.contrail("start").err())
                .contains("com.shop.Shop$Later.twice: no such method is loaded yet");
        work("later", 100);
        assertThat(machine.succeed("status")).doesNotContain("no such method");
        machine.succeed("stop");
        List<String> events = view("later");
        assertThat(count(events, "com.shop.Shop$Later.<init>_entry")).isEqualTo(100);
        assertThat(count(events, "com.shop.Shop$Later.twice_exit")).isEqualTo(100);
        assertThat(events).hasSize(400);
        assertThat(events.get(2)).contains("more = \"y0\"");
        assertThat(events.get(3)).contains("result = \"xy0\"");
    }

    @Test
    void eachReasonIsToldWithTheProgramsThatItIsTrueOf() throws IOException, InterruptedException {
        start(Needs.jdk("own"), agent());
        work("later", 1);
        Process first = program;
        try {
            start(Needs.jdk("own"), agent()); // where that class is not loaded
            work("add", 1);
            create("two");
            machine.succeed("enable-event", "-u", "--method", "com.shop.Shop$Later.twice");
            machine.succeed("enable-event", "-u", "--method", "com.shop.Nope.x");
            machine.succeed(
                    "enable-event", "-u", "--method", "com.shop.Shop$Cart.add", "--arg", "nope");
            machine.succeed("start");
            Pattern both = Pattern.compile("Shop \\(\\d+\\), Shop \\(\\d+\\): com.shop.Nope.x");
            Machine.await("the reasons", () -> both.matcher(machine.succeed("status")).find());
            String status = machine.succeed("status");
            assertThat(status)
                    .doesNotContain("Later.twice")
                    .containsPattern(
                            "Shop \\(\\d+\\), Shop \\(\\d+\\): com.shop.Nope.x: no such method is loaded"
                                    + " yet")
                    .containsPattern(
                            "Shop \\(\\d+\\), Shop \\(\\d+\\): com.shop.Shop\\$Cart.add: recorded"
                                    + " without --arg nope: no method that matches");
        } finally {
            first.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void methodsOfTheJdkAreRecorded(String jdk) throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent());
        create("jdk");
        machine.succeed(
                "enable-event", "-u", "--method", "java.util.ArrayList.add(Object)", "--arg", "0");
        machine.succeed(
                "enable-event",
                "-u",
                "--method",
                "java.net.Socket.connect(java.net.SocketAddress,int)",
                "--arg",
                "1",
                "--arg",
                "this");
        machine.succeed("start");
        work("list", 1000);
        work("socket", 3);
        machine.succeed("stop");
        List<String> events = view("jdk");
        var byObject =
                events.stream()
                        .filter(line -> line.contains("ArrayList.add_entry"))
                        .collect(groupingBy(line -> line.replaceAll(".* = ", ""), counting()));
        assertThat(byObject.values()).contains(1000L); // the tracer and the JDK add others
        assertThat(events)
                .filteredOn(line -> line.contains("java.net.Socket.connect_entry"))
                .hasSize(3)
                .allMatch(line ->
                        line.contains("timeout = 1, this = \"java.net.Socket@")
                                || line.contains("arg1 = 1, this = \"java.net.Socket@"));
        assertThat(events)
                .filteredOn(line -> line.contains("java.net.Socket.connect_exit"))
                .hasSize(3)
                .allMatch(line -> line.contains("exception = \"java.net."));
    }

    /// The ring calls `requireNonNull` for each access of its memory, and what says which object it
    /// is `toHexString`.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatTheTracerCallsItselfIsNotRecorded(String jdk)
            throws IOException, InterruptedException {
        start(Needs.jdk(jdk), agent());
        create("own");
        machine.succeed("add-context", "-u", "-t", "thread_name");
        machine.succeed(
                "enable-event",
                "-u",
                "--method",
                "java.util.Objects.requireNonNull(Object),java.lang.Integer.toHexString",
                "--arg",
                "0");
        machine.succeed("start");
        work("require", 2000);
        machine.succeed("stop");
        List<String> events = view("own");
        assertThat(events).noneMatch(line -> line.contains("thread_name = \"contrail"));
        List<String> ours =
                events.stream()
                        .filter(line -> line.contains("thread_name = \"requiring\""))
                        .toList();
        assertThat(ours)
                .filteredOn(line -> line.contains("requireNonNull_entry"))
                .filteredOn(line -> line.contains("com.shop.Shop$Order@"))
                .hasSize(2000);
        assertThat(count(ours, "java.lang.Integer.toHexString_entry")).isEqualTo(2000);
        assertThat(ours).hasSizeBetween(8000, 8000 + 200); // a thread that ends calls some more
    }

    @Test
    void tenThousandVirtualThreadsAreAccountedFor() throws IOException, InterruptedException {
        start(Needs.jdk("own"), agent());
        create("virtual");
        machine.succeed("enable-event", "-u", "--method", "com.shop.Shop$Cart.add", "--arg", "1");
        machine.succeed("start");
        work("virtual", 10_000);
        machine.succeed("stop");
        List<String> events = view("virtual");
        var discarded = DISCARDED.matcher(machine.succeed("status"));
        assertThat(discarded.find()).isTrue();
        long lost = Long.parseLong(discarded.group(1).replace(",", ""));
        assertThat(events.size() + lost).isEqualTo(20_000);
    }

    /// At the end of the stack there is none for us: what is not recorded is counted, and the
    /// program comes as deep as it does, or somewhat less, but not otherwise.
    @Test
    void theEndOfTheStackIsAccountedFor() throws IOException, InterruptedException {
        start(Needs.jdk("own"), agent(), "-Xint", "-Xss512k");
        create("stack");
        machine.succeed("enable-event", "-u", "--method", "com.shop.Shop$Cart.endless()");
        machine.succeed("start");
        long calls = Long.parseLong(work("endless", 3).replace("deep ", ""));
        machine.succeed("stop");
        List<String> events = view("stack");
        long entries = count(events, "com.shop.Shop$Cart.endless_entry");
        var discarded = DISCARDED.matcher(machine.succeed("status"));
        assertThat(discarded.find()).isTrue();
        long lost = Long.parseLong(discarded.group(1).replace(",", ""));
        assertThat(entries).isPositive();
        assertThat(events.size() + lost).isBetween(2 * calls - 200, 2 * calls + 200);
    }

    @Test
    void whatCannotBeIsSaidInWords() throws IOException, InterruptedException {
        start(Needs.jdk("own"), agent());
        create("words");
        assertThat(machine.contrail("enable-event", "-u", "--method", "add").err())
                .contains("want CLASS.METHOD, as com.shop.Cart.add");
        assertThat(machine.contrail("enable-event", "-u", "--arg", "0", "a:b").err())
                .contains("--arg goes with methods only: add --method CLASS.METHOD");
        machine.succeed("enable-event", "-u", "--method", "*.close()");
        machine.succeed("enable-event", "-u", "--method", "java.lang.Thread.*");
        machine.succeed("enable-event", "-u", "--method", "java.util.AbstractList.get(int)");
        machine.succeed(
                "enable-event", "-u", "--method", "com.shop.Shop$Cart.add", "--arg", "order.price");
        machine.succeed(
                "enable-event", "-u", "--method", "com.shop.Shop$Cart.half", "--arg", "thing");
        String said = machine.contrail("start").err();
        assertThat(said)
                .containsPattern("\\*\\.close\\(\\): it matches \\d+ classes, want at most 500")
                .contains(
                        "methods of java.lang.Thread are not recorded: recording an event calls it")
                .contains("java.util.AbstractList.get is not recorded: it is abstract")
                .contains("com.shop.Shop$Order has no field price")
                .contains("no method that matches has an argument thing");
        work("add", 10);
        work("half", 10);
        machine.succeed("stop");
        assertThat(count(view("words"), "com.shop.Shop$Cart.half_exit")).isEqualTo(1);
    }
}
