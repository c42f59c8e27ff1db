// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `contrail top` as users have it: in a real terminal, of this machine, of a relay.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class TopSystemTest {
    private static final String NONE = "Currently no available recording session";

    /// A terminal of tmux's.
    private static final class Window implements AutoCloseable {
        private final Machine machine;
        private final String socket;

        /// Opens one that runs a command, says its exit status and whether the terminal is as it
        /// was, and stays.
        Window(Machine machine, int width, int height, String command)
                throws IOException, InterruptedException {
            this.machine = machine;
            // A server that has just been ended may still have its socket.
            socket = Files.createTempDirectory(machine.root(), "tmux").resolve("s").toString();
            Path script = machine.root().resolve("window.sh");
            Files.writeString(
                    script,
                    """
                    before=$(stty -g)
                    echo "$before" >%s
                    %s
                    status=$?
                    [ "$before" = "$(stty -g)" ] && echo "STATUS $status, as before"
                    exec sleep 1000
                    """
                            .formatted(before(), command));
            tmux("new-session", "-d", "-x", "" + width, "-y", "" + height, "bash " + script);
        }

        /// Where it says how its terminal was.
        Path before() {
            return machine.root().resolve("before");
        }

        private String tmux(String... words) throws IOException, InterruptedException {
            var command = new ArrayList<>(List.of("tmux", "-f", "/dev/null", "-S", socket));
            command.addAll(List.of(words));
            Machine.Result result = machine.run(command);
            assertThat(result.status()).as(result.err()).isZero();
            return result.out();
        }

        void press(String... keys) throws IOException, InterruptedException {
            var words = new ArrayList<>(List.of("send-keys"));
            words.addAll(List.of(keys));
            tmux(words.toArray(String[]::new));
        }

        void resize(int width, int height) throws IOException, InterruptedException {
            tmux("resize-window", "-x", "" + width, "-y", "" + height);
        }

        String text() throws IOException, InterruptedException {
            return tmux("capture-pane", "-p");
        }

        void awaitText(String... texts) throws InterruptedException {
            Machine.await(
                    "the screen to show " + List.of(texts),
                    () -> {
                        try {
                            String text = text();
                            return List.of(texts).stream().allMatch(text::contains);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IOException(e);
                        }
                    });
        }

        @Override
        public void close() throws IOException {
            try {
                tmux("kill-server");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String top() {
        return Machine.checkout().resolve("contrail") + " top";
    }

    private static List<Path> directories() throws IOException {
        try (var all =
                Files.newDirectoryStream(
                        Path.of(System.getProperty("java.io.tmpdir")), "contrail-top-*")) {
            var found = new ArrayList<Path>();
            all.forEach(found::add);
            return found;
        }
    }

    /// Whose terminals are tmux's.
    private static Machine withScreen() throws IOException {
        Needs.tool("tmux");
        Machine machine = Machine.open();
        machine.environment().put("TERM", "screen-256color");
        return machine;
    }

    /// A trace to be played.
    private static Path demo(Machine machine) throws IOException, InterruptedException {
        Path demo = machine.root().resolve("demo");
        machine.succeed("demo", "-o", demo.toString());
        return demo;
    }

    @Test
    void showsThisMachineInATerminalAndLeavesNothingBehind()
            throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = withScreen()) {
            List<Path> before = directories();
            try (var window = new Window(machine, 80, 24, top())) {
                window.awaitText("contrail top  this machine", "live", "CPU%v", "Lost ");
                window.awaitText("tmux"); // which is known by the state dump, or has a processor
                window.resize(200, 50);
                window.awaitText("4 Scheduling", "WRITTEN");
                window.press("5");
                window.awaitText("STDDEV", "futex");
                window.press("?");
                window.awaitText("The shortest.", "q, Ctrl-C");
                window.press("q", "q");
                window.awaitText("STATUS 0, as before");
                assertThat(window.text()).doesNotContain("contrail top");
            }
            assertThat(machine.succeed("list")).contains(NONE);
            assertThat(directories()).isEqualTo(before);
        }
    }

    @Test
    void playsATraceAndEndsOnCtrlC() throws IOException, InterruptedException {
        try (Machine machine = withScreen()) {
            Path demo = demo(machine);
            try (var window = new Window(machine, 80, 24, top() + " --speed 0.01 " + demo)) {
                window.awaitText("playing x0.0100");
                window.press("Space");
                window.awaitText("paused");
                window.press("9");
                window.awaitText("EVENT");
                window.press("C-c");
                window.awaitText("STATUS 0, as before");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 0"})
    void endsItsSessionWhenItIsEnded(String signal, int status)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<Path> before = directories();
            Process top =
                    machine.start(
                            List.of(
                                    "env", // where this test's runner ignores it
                                    "--default-signal=" + signal,
                                    Machine.checkout().resolve("contrail").toString(),
                                    "top",
                                    "--batch"));
            Machine.await("its session", () -> runs(machine));
            machine.run(List.of("kill", "-" + signal, "" + top.pid()));

            assertThat(top.waitFor()).isEqualTo(status);
            assertThat(machine.succeed("list")).contains(NONE);
            assertThat(directories()).isEqualTo(before);
        }
    }

    @Test
    void takesAwayWhatAKilledOneHasLeft() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<Path> before = directories();
            Process top =
                    machine.start(
                            List.of(
                                    Machine.checkout().resolve("contrail").toString(),
                                    "top",
                                    "--batch"));
            Machine.await("its session", () -> runs(machine));
            top.destroyForcibly().waitFor();
            assertThat(machine.succeed("list")).contains("contrail-top-" + top.pid());

            machine.succeed("top", "--batch", "-n", "1");

            assertThat(machine.succeed("list")).contains(NONE);
            assertThat(directories()).isEqualTo(before);
        }
    }

    private static boolean runs(Machine machine) throws IOException {
        try {
            String list = machine.contrail("list").out();
            return list.contains("contrail-top-") && list.contains("[active");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// The events of JVMs need no rights.
    @Test
    void showsAPlainUserItsJvms() throws IOException, InterruptedException {
        Needs.root(); // who can become another user
        try (Machine machine = Machine.openAsNobody()) {
            var command = new ArrayList<>(Machine.asUser(Machine.NOBODY));
            command.addAll(machine.sample("dev.contrail.samples.shop.Shop", "60"));
            machine.start(command);

            Machine.Result result =
                    machine.contrail("top", "--batch", "-n", "4", "--view", "events");

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out()).containsPattern("shop:ordered +Shop +[1-9]");
            assertThat(machine.contrail("list").out()).contains(NONE);
        }
    }

    /// The ports of a relay daemon.
    private record Ports(String control, String data, String live) {
        static final Ports ANY = new Ports("0", "0", "0");

        static Ports of(Machine machine) throws IOException, InterruptedException {
            Path ports = machine.runDirectory().resolve("relayd");
            Machine.await("the relay", () -> Files.exists(ports.resolve("live.port")));
            return new Ports(
                    Files.readString(ports.resolve("control.port")).strip(),
                    Files.readString(ports.resolve("data.port")).strip(),
                    Files.readString(ports.resolve("live.port")).strip());
        }

        Process relay(Machine machine) throws IOException {
            return machine.start(
                    List.of(
                            Machine.checkout().resolve("contrail").toString(),
                            "relayd",
                            "--control-port",
                            "tcp://127.0.0.1:" + control,
                            "--data-port",
                            "tcp://127.0.0.1:" + data,
                            "--live-port",
                            "tcp://127.0.0.1:" + live,
                            "--output",
                            machine.root().resolve("relayed").toString()));
        }

        void createShop(Machine machine) throws IOException, InterruptedException {
            machine.succeed(
                    "create",
                    "shop",
                    "--live",
                    "100000",
                    "-U",
                    "net://127.0.0.1:%s:%s".formatted(control, data));
            machine.succeed("enable-event", "-u", "shop:*");
            machine.succeed("start");
        }
    }

    @Test
    void followsAllSessionsOfARelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Ports.ANY.relay(machine);
            Ports ports = Ports.of(machine);
            ports.createShop(machine);
            machine.start(machine.sample("dev.contrail.samples.shop.Shop", "60"));
            Machine.await(
                    "the shop's events",
                    () -> {
                        try {
                            return machine.contrail("status").out().contains("User space: ");
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IOException(e);
                        }
                    });

            String out =
                    machine.succeed("top", "-r", "127.0.0.1:" + ports.live, "--json", "-n", "5");

            assertThat(out)
                    .contains("{\"view\":\"events\"")
                    .containsPattern(
                            "\"event\":\"shop:ordered\",\"process\":\"Shop\",\"count\":[1-9]");
        }
    }

    /// Whatever comes first: who looks, the session, or the relay, again.
    @Test
    void takesUpSessionsThatComeLaterAndARelayThatComesBack()
            throws IOException, InterruptedException {
        try (Machine machine = withScreen()) {
            Process relay = Ports.ANY.relay(machine);
            Ports ports = Ports.of(machine);
            String url = "net://127.0.0.1:" + ports.live;
            try (var window = new Window(machine, 120, 24, top() + " --view events -r " + url)) {
                window.awaitText("no live session yet");
                ports.createShop(machine);
                machine.start(machine.sample("dev.contrail.samples.shop.Shop", "600"));
                window.awaitText("shop:ordered");

                relay.destroyForcibly().waitFor();
                window.awaitText("trying again");
                ports.relay(machine);
                window.awaitText("there again");
                window.press("q");
                window.awaitText("STATUS 0, as before");
            }
        }
    }

    /// As with a shell: what has started it goes on, and lets it go on. The key that is pressed
    /// before it has the terminal again is one of its own.
    @Test
    void givesTheTerminalBackOnCtrlZ() throws IOException, InterruptedException {
        try (Machine machine = withScreen()) {
            Path demo = demo(machine);
            Path goOn = machine.root().resolve("go-on");
            String command =
                    ("set -m; %s %s; stty -g >%s; echo SHELL; until [ -e %s ]; do sleep 0.1; done;"
                                    + " fg")
                            .formatted(top(), demo, machine.root().resolve("stopped"), goOn);
            try (var window = new Window(machine, 80, 24, command)) {
                window.awaitText("1 Processes");
                window.press("C-z");
                window.awaitText("SHELL");
                assertThat(machine.root().resolve("stopped"))
                        .hasSameTextualContentAs(window.before());
                window.press("?");
                Files.createFile(goOn);
                window.awaitText("The columns of this view:");
                window.press("q", "q");
                window.awaitText("SHELL", "STATUS 0, as before");
            }
        }
    }

    /// Who types ahead is understood.
    @Test
    void takesKeysThatWerePressedBeforeItHadTheTerminal() throws IOException, InterruptedException {
        try (Machine machine = withScreen()) {
            Path demo = demo(machine);
            try (var window = new Window(machine, 80, 24, top() + " " + demo)) {
                window.press("?");
                window.awaitText("The columns of this view:");
                window.press("q", "q");
                window.awaitText("STATUS 0, as before");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 0"})
    void leavesTheTerminalAsItWasWhenItIsEnded(String signal, int status)
            throws IOException, InterruptedException {
        try (Machine machine = withScreen()) {
            Path demo = demo(machine);
            Path pid = machine.root().resolve("pid");
            String command = "(echo $BASHPID >%s; exec %s %s)".formatted(pid, top(), demo);
            try (var window = new Window(machine, 80, 24, command)) {
                window.awaitText("1 Processes");
                machine.run(List.of("kill", "-" + signal, Files.readString(pid).strip()));
                window.awaitText("STATUS %d, as before".formatted(status));
            }
        }
    }

    @Test
    void saysWhatIsWrongWhereThereIsNoScreen() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result = machine.contrail("top");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains("needs a terminal").contains("--batch");
            assertThat(machine.runDirectory().resolve("control.sock")).doesNotExist();
        }
    }

    @Test
    void needsATerminalThatIsNotDumb() throws IOException, InterruptedException {
        Needs.tool("tmux");
        try (Machine machine = Machine.open();
                var window = new Window(machine, 120, 24, "TERM=dumb " + top())) {
            window.awaitText("TERM is 'dumb'", "--batch", "STATUS 1, as before");
        }
    }

    @Test
    void hasNoColoursWhereNoneAreWanted() throws IOException, InterruptedException {
        Needs.tool("tmux");
        try (Machine machine = Machine.open()) {
            Path demo = demo(machine);
            for (Map.Entry<String, Boolean> each :
                    Map.of("NO_COLOR=1 ", false, "", true).entrySet()) {
                String command = "TERM=screen-256color " + each.getKey() + top() + " " + demo;
                try (var window = new Window(machine, 80, 24, command)) {
                    window.awaitText("contrail top");
                    boolean isColoured =
                            window.tmux("capture-pane", "-e", "-p")
                                    .lines()
                                    .anyMatch(line -> line.matches(".*\033\\[[0-9;]*3[1-7].*"));
                    assertThat(isColoured).as(each.getKey()).isEqualTo(each.getValue());
                }
            }
        }
    }
}
