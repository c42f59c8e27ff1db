// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `enable-event --filter`: a session with filters has what `convert --filter` takes of a session
/// without, and nothing else is recorded.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FilterSystemTest {
    private static final int ORDERS = 3000;

    /// Does a round for each line that it is sent.
    private static final String PROGRAM =
            """
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;
            import java.util.Scanner;
            import java.util.logging.Level;
            import java.util.logging.Logger;

            public class Till {
                @Provider("shop")
                public interface Shop {
                    void paid(long order, int cents, String currency, double rate);

                    void tick(int order);
                }

                static final Shop TRACE = Tracer.bind(Shop.class);
                static final Logger LOG = Logger.getLogger("shop.till");

                public static void main(String[] arguments) {
                    LOG.setUseParentHandlers(false);
                    String[] currencies = {"EUR", "USD", null, "EUR*", "größer"};
                    Scanner lines = new Scanner(System.in);
                    for (int round = 1; lines.hasNextLine(); round++) {
                        lines.nextLine();
                        for (int i = 0; i < 3000; i++) {
                            TRACE.paid(i, i % 500, currencies[i % 5], i / 100.0);
                            TRACE.tick(i);
                            if (i % 10 == 0) {
                                LOG.log(i % 20 == 0 ? Level.INFO : Level.WARNING, "order {0}", i);
                            }
                        }
                        System.out.println("round " + round);
                    }
                }
            }
            """;

    private static final Pattern PAYLOAD =
            Pattern.compile("(shop:\\w+|lttng_jul:event): .*(\\{ [^{}]*\\})$");

    /// The program in a machine, round by round.
    private static final class Till {
        private final Machine machine;
        private final Process process;
        private int rounds;

        Till(Machine machine, Path home) throws IOException {
            this.machine = machine;
            Path classes = machine.root().resolve("classes");
            String tracer = Machine.jar("tracer").toString();
            CompiledProgram.compile(
                    classes, "Till", PROGRAM, "--release", "17", "-parameters", "-cp", tracer);
            process =
                    machine.start(
                            List.of(
                                    home.resolve("bin/java").toString(),
                                    "-javaagent:" + tracer,
                                    "-cp",
                                    classes + ":" + tracer,
                                    "Till"));
        }

        void round() throws IOException, InterruptedException {
            String end = "round " + ++rounds;
            OutputStream in = process.getOutputStream();
            in.write('\n');
            in.flush();
            Path output = machine.root().resolve("output");
            Machine.await(end, () -> Files.readString(output).contains(end + "\n"));
        }

        void end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
        }
    }

    private static Path create(Machine machine, String session)
            throws IOException, InterruptedException {
        Path trace = machine.root().resolve(session);
        machine.succeed("create", session, "-o", trace.toString());
        return trace;
    }

    /// Events and payloads.
    private static List<String> payloads(Machine machine, String... words)
            throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (String line : machine.succeed(words).lines().toList()) {
            Matcher matcher = PAYLOAD.matcher(line);
            if (matcher.find()) {
                found.add(matcher.group(1) + " " + matcher.group(2));
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void recordsWhatTheReaderWouldTake(String jdk) throws IOException, InterruptedException {
        Path home = Needs.jdk(jdk);
        List<String> filters =
                List.of(
                        "cents > 100 && currency == \"EU*\"",
                        "rate < 7.25 || order == 2999 && currency != \"null\"",
                        "currency == \"null\" && (order & 7) == 3",
                        "!(cents >> 4 == 3) && currency == \"EUR\\*\" && $ctx.vtid > 0",
                        "order < 10 || currency == 1",
                        "$ctx.procname == \"Till\" && currency == \"gr*ß*r\" && cents < 9",
                        "rate");
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path all = create(machine, "all");
            machine.succeed("enable-event", "-u", "shop:paid");
            machine.succeed("start");
            List<Path> some = new ArrayList<>();
            for (int i = 0; i < filters.size(); i++) {
                some.add(create(machine, "some" + i));
                machine.succeed("enable-event", "-u", "shop:paid", "-f", filters.get(i));
                machine.succeed("start");
            }
            Till till = new Till(machine, home);
            till.round();
            till.end();
            machine.succeed("destroy", "--all");

            assertThat(payloads(machine, "view", all.toString())).hasSize(ORDERS);
            for (int i = 0; i < filters.size(); i++) {
                String trace = all.toString();
                List<String> wanted =
                        payloads(machine, "convert", "--filter", filters.get(i), trace);
                assertThat(wanted.isEmpty()).isEqualTo(i == 4 || i == 6);
                if (wanted.isEmpty()) { // so there is no stream
                    assertThat(machine.contrail("view", some.get(i).toString()).err())
                            .contains("no trace here");
                    continue;
                }
                assertThat(payloads(machine, "view", some.get(i).toString()))
                        .as(filters.get(i))
                        .isEqualTo(wanted);
            }
        }
    }

    /// An event that several rules select is recorded once, when one of them wants it; filters come
    /// and go while the program runs, and stay when the daemon is killed.
    @Test
    void rulesOfAChannelAddUp() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = create(machine, "s");
            machine.succeed("enable-event", "-u", "shop:paid", "-f", "order < 100");
            machine.succeed("enable-event", "-u", "shop:*", "-f", "order >= 50 && order < 200");
            machine.succeed("start");
            Till till = new Till(machine, Path.of(System.getProperty("java.home")));
            till.round(); // 200 paid, 150 ticks
            awaitRecorded(machine, 350);
            machine.killDaemon();
            till.round(); // the same
            machine.restartDaemon();
            assertThat(machine.succeed("list", "s")).contains("[filter: 'order < 100']");
            till.round(); // the same
            awaitRecorded(machine, 1050);
            machine.succeed("disable-event", "-u", "shop:*");
            till.round(); // 100 paid
            machine.succeed("enable-event", "-u", "shop:tick");
            till.round(); // 100 paid, all ticks
            machine.succeed("enable-event", "-u", "shop:paid");
            till.round(); // all
            till.end();
            awaitRecorded(machine, 1250 + 3 * ORDERS);
            machine.succeed("destroy");
            assertThat(payloads(machine, "view", trace.toString())).hasSize(1250 + 3 * ORDERS);
        }
    }

    /// Nothing else is, and nothing is lost.
    private static void awaitRecorded(Machine machine, long count) throws InterruptedException {
        var account = new Machine.Account(count, 0, 0);
        Machine.await(count + " events", () -> machine.account().equals(account));
    }

    @Test
    void logStatementsAreFilteredToo() throws IOException, InterruptedException {
        String filter = "msg == \"order *0\" && int_loglevel != 800";
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path all = create(machine, "all");
            machine.succeed("enable-event", "-j", "shop.*");
            machine.succeed("start");
            Path some = create(machine, "some");
            machine.succeed("enable-event", "-j", "shop.*", "-f", filter);
            machine.succeed("enable-event", "-j", "nosuch.*");
            machine.succeed("enable-event", "-j", "shop.*", "-f", "class_name == \"nosuch\"");
            machine.succeed("start");
            Till till = new Till(machine, Path.of(System.getProperty("java.home")));
            till.round();
            till.end();
            machine.succeed("destroy", "--all");
            assertThat(payloads(machine, "view", all.toString())).hasSize(ORDERS / 10);
            assertThat(payloads(machine, "view", some.toString()))
                    .hasSize(ORDERS / 20)
                    .isEqualTo(payloads(machine, "convert", "--filter", filter, all.toString()));
        }
    }
}
