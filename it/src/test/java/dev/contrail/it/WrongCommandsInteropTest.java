// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Wrong commands, side by side with the real `lttng` 2.13: the same status, the same words.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class WrongCommandsInteropTest {
    /// In this order, in one account. `@` stands for the account's directory.
    private static final List<String> COMMANDS =
            List.of(
                    "destroy absent",
                    "start absent",
                    "set-session absent",
                    "create s1 -o @/s1",
                    "create s1",
                    "create a/b",
                    "enable-event -u a:*",
                    "enable-event -u a:*",
                    "enable-event -u a:* -c other",
                    "enable-event -u b:*",
                    "enable-event -u",
                    "enable-event -u b:* --loglevel BOGUS",
                    "disable-event -u a:* -c other",
                    "enable-channel -u channel0",
                    "enable-channel -u c1 --subbuf-size 4095",
                    "enable-channel -u c2 --num-subbuf 3",
                    "enable-channel c3",
                    "disable-channel -u absent",
                    "disable-channel -u c2",
                    "start",
                    "start",
                    "enable-channel -u late",
                    "enable-event -j late",
                    "snapshot record",
                    "create s2 --snapshot",
                    "snapshot record",
                    "snapshot record -s absent",
                    "snapshot add-output @/x",
                    "snapshot del-output 1",
                    "snapshot list-output",
                    "destroy s2",
                    "destroy s2");

    @Test
    void answersAsTheRealLttngDoes() throws IOException, InterruptedException {
        Needs.root();
        Needs.tool("lttng");
        Needs.tool("lttng-sessiond");
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path script = machine.root().resolve("script");
            Files.writeString(script, script(machine));
            List<String> peer =
                    machine.run(List.of("unshare", "-m", "-n", "sh", script.toString())).lines();
            var differences = new SoftAssertions();
            int at = 0;
            for (String command : COMMANDS) {
                int end = peer.subList(at, peer.size()).indexOf("END OF COMMAND") + at;
                assertThat(end).as(command).isGreaterThan(at);
                differences
                        .assertThat(ours(machine, command))
                        .as(command)
                        .isEqualTo(peer.subList(at, end));
                at = end + 1;
            }
            differences.assertAll();
        }
    }

    /// Status, then output, then errors.
    private static List<String> ours(Machine machine, String command)
            throws IOException, InterruptedException {
        var words = new ArrayList<String>();
        words.add(Machine.checkout().resolve("lttng").toString());
        for (String word : command.split(" ")) {
            words.add(word.replace("@", machine.root().toString()));
        }
        Machine.Result result = machine.run(words);
        var lines = new ArrayList<String>();
        lines.add("status " + result.status());
        lines.addAll(result.lines());
        lines.addAll(result.err().lines().toList());
        return untimed(lines);
    }

    /// In a mount and network name space of its own, so that no other daemon is met.
    private static String script(Machine machine) {
        var script = new StringBuilder();
        script.append(
                """
                mkdir -p /var/run/lttng && mount -t tmpfs none /var/run/lttng
                mkdir -p @/peer && export LTTNG_HOME=@/peer HOME=@/peer LC_ALL=C.UTF-8
                unset LTTNG_RUNDIR
                lttng-sessiond --no-kernel --daemonize >/dev/null 2>&1
                tries=0
                until lttng list >/dev/null 2>&1 || [ $tries -gt 1000 ]; do
                    sleep 0.1; tries=$((tries + 1))
                done
                set -f
                run() {
                    lttng "$AT" >@/peer/out 2>@/peer/err </dev/null
                    echo "status $?"
                    sed 's/[0-9]\\{8\\}-[0-9]\\{6\\}/TIME/g; s#@/peer#@/home#g' @/peer/out @/peer/err
                    echo "END OF COMMAND"
                }
                """);
        for (String command : COMMANDS) {
            script.append("run ").append(command).append('\n');
        }
        script.append(
                """
                daemon=$(cat /var/run/lttng/lttng-sessiond.pid)
                kill $daemon
                while grep -q '^State:[[:space:]]*[^ZX[:space:]]' /proc/$daemon/status 2>/dev/null; do
                    sleep 0.1
                done
                """);
        return script.toString().replace("@", machine.root().toString()).replace("$AT", "$@");
    }

    private static List<String> untimed(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll("\\d{8}-\\d{6}", "TIME")).toList();
    }
}
