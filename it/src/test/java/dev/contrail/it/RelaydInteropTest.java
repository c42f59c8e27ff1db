// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `relayd` between LTTng's own daemons, applications and viewers: all in namespaces of their own.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RelaydInteropTest {
    private static final int EVENTS = 3000;

    private static final String HEADER =
            """
            #undef LTTNG_UST_TRACEPOINT_PROVIDER
            #define LTTNG_UST_TRACEPOINT_PROVIDER demo
            #undef LTTNG_UST_TRACEPOINT_INCLUDE
            #define LTTNG_UST_TRACEPOINT_INCLUDE "./tick.h"
            #if !defined(TICK_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
            #define TICK_H
            #include <lttng/tracepoint.h>
            LTTNG_UST_TRACEPOINT_EVENT(demo, tick, LTTNG_UST_TP_ARGS(int, n),
                LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(int, n, n)))
            #endif
            #include <lttng/tracepoint-event.h>
            """;

    private static final String PROGRAM =
            """
            #define LTTNG_UST_TRACEPOINT_CREATE_PROBES
            #define LTTNG_UST_TRACEPOINT_DEFINE
            #include "tick.h"
            #include <stdlib.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                for (int i = 0; i < atoi(argv[1]); i++) {
                    lttng_ust_tracepoint(demo, tick, i);
                    usleep(atoi(argv[2]));
                }
                return 0;
            }
            """;

    /// Awaits a line in a file: at most a minute.
    private static final String BEGIN =
            """
            set -e
            mount -t tmpfs none /run
            mkdir -p /run/lock
            ip link set lo up
            await() { for i in $(seq 1200); do "$@" && return; sleep 0.05; done; exit 9; }
            contrail relayd -o "$OUT" >relay.log 2>&1 &
            relay=$!
            await grep -q ready relay.log
            lttng-sessiond --no-kernel -d
            sessiond=$(pidof -s lttng-sessiond)
            host=$(hostname)
            view() { babeltrace2 --input-format=lttng-live "net://127.0.0.1/host/$host/$1"; }
            """;

    private static final String END =
            """
            kill $sessiond
            kill $relay
            wait $relay
            """;

    private static Machine.Result run(Machine machine, String script)
            throws IOException, InterruptedException {
        Needs.root();
        for (String tool : List.of("lttng-sessiond", "babeltrace2", "gcc", "unshare", "ip")) {
            Needs.tool(tool);
        }
        Path home = machine.home();
        Files.writeString(home.resolve("tick.h"), HEADER);
        Files.writeString(home.resolve("tick.c"), PROGRAM);
        Files.writeString(
                home.resolve("run.sh"),
                "cd %s%nOUT=%s/out%nPATH=%s:/usr/bin:/usr/sbin:/bin:/sbin%n"
                                .formatted(home, home, home)
                        + "gcc -I. -o tick tick.c -llttng-ust -ldl\n"
                        + BEGIN
                        + script
                        + END);
        // Only the command contrail: the other entry points would hide the real programs.
        Files.createSymbolicLink(home.resolve("contrail"), Machine.checkout().resolve("contrail"));
        machine.environment().put("HOME", home.toString());
        machine.environment().put("LTTNG_UST_REGISTER_TIMEOUT", "-1");
        machine.environment().remove("LTTNG_RUNDIR");
        return machine.run(
                List.of(
                        "unshare",
                        "-m",
                        "-n",
                        "-p",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "--propagation",
                        "private",
                        "sh",
                        home.resolve("run.sh").toString()));
    }

    private static void assertDone(Machine.Result result, Machine machine) throws IOException {
        Path log = machine.home().resolve("relay.log");
        assertThat(result.status())
                .as(
                        "%s%n%s%n%s",
                        result.out(),
                        result.err(),
                        Files.exists(log) ? Files.readString(log) : "no log")
                .isZero();
    }

    private static List<String> ticks(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(each -> each.contains("demo:tick:"))
                .map(each -> each.replaceAll(".*\\{ n = (\\d+) \\}", "$1"))
                .toList();
    }

    /// Two at once, which the real relay refuses.
    @Test
    void babeltrace2SeesAllOfALiveSession() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    run(
                            machine,
                            """
                            lttng create live --live=100000 --set-url=net://127.0.0.1
                            lttng enable-event -u 'demo:*'
                            view live >first.txt & first=$!
                            view live >second.txt & second=$!
                            viewers() { babeltrace2 -i lttng-live net://127.0.0.1 | grep -q "2 client"; }
                            await viewers
                            lttng start
                            ./tick %d 200
                            lttng destroy
                            wait $first
                            wait $second
                            babeltrace2 $OUT >stored.txt
                            """
                                    .formatted(EVENTS));
            assertDone(result, machine);
            List<String> stored = ticks(machine.home().resolve("stored.txt"));
            assertThat(stored).hasSize(EVENTS);
            assertThat(ticks(machine.home().resolve("first.txt"))).isEqualTo(stored);
            assertThat(ticks(machine.home().resolve("second.txt"))).isEqualTo(stored);
        }
    }

    /// The real relay 2.13 loses most of them.
    @Test
    void babeltrace2SeesShortLivedProcesses() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    run(
                            machine,
                            """
                            lttng create live --live=100000 --set-url=net://127.0.0.1
                            lttng enable-channel -u --buffers-pid ch
                            lttng enable-event -u -c ch 'demo:*'
                            lttng start
                            view live >first.txt & first=$!
                            viewers() { babeltrace2 -i lttng-live net://127.0.0.1 | grep -q "1 client"; }
                            await viewers
                            for i in 1 2 3 4 5; do ./tick 50 5000; done
                            lttng destroy
                            wait $first
                            """);
            assertDone(result, machine);
            assertThat(ticks(machine.home().resolve("first.txt"))).hasSize(250);
        }
    }

    @Test
    void rotationsAndSnapshotsOfTheRealDaemonAreWhole() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    run(
                            machine,
                            """
                            lttng create rotated --set-url=net://127.0.0.1
                            lttng enable-channel -u --subbuf-size 4096 ch
                            lttng enable-event -u -c ch 'demo:*'
                            lttng start
                            ./tick 9000 100 & tick=$!
                            for i in 1 2 3; do lttng rotate; done
                            wait $tick
                            lttng destroy
                            babeltrace2 $OUT/$host/rotated-* >rotated.txt
                            ls $OUT/$host/rotated-*/archives >archives.txt
                            lttng create snap --snapshot --set-url=net://127.0.0.1
                            lttng enable-event -u 'demo:*'
                            lttng start
                            ./tick 100 0
                            lttng snapshot record
                            lttng destroy
                            babeltrace2 $OUT/$host/snap-* >snap.txt
                            """);
            assertDone(result, machine);
            assertThat(ticks(machine.home().resolve("rotated.txt"))).hasSize(9000);
            assertThat(Files.readAllLines(machine.home().resolve("archives.txt"))).hasSize(4);
            assertThat(ticks(machine.home().resolve("snap.txt"))).hasSize(100);
        }
    }

    /// The real consumer daemon gives it up then: what was acknowledged is there, without a hole,
    /// and the next relay takes other sessions beside it.
    @Test
    void aRelayThatIsKilledLeavesWhatItHadReceived() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    run(
                            machine,
                            """
                            lttng create live --live=100000 --set-url=net://127.0.0.1
                            lttng enable-channel -u --subbuf-size 4096 --num-subbuf 16 ch
                            lttng enable-event -u -c ch 'demo:*'
                            lttng start
                            taskset -c 0 ./tick 1000000 100 & tick=$!
                            stored() { find $OUT -name ch_0 -size +64k | grep -q .; }
                            await stored
                            kill -9 $relay
                            contrail relayd -o "$OUT" >again.log 2>&1 &
                            relay=$!
                            await grep -q ready again.log
                            kill $tick
                            babeltrace2 $OUT >theirs.txt
                            contrail view $OUT >ours.txt
                            lttng create next --set-url=net://127.0.0.1
                            lttng enable-event -u 'demo:*'
                            lttng start
                            ./tick %d 0
                            lttng destroy next
                            babeltrace2 $OUT/$host/next-* >next.txt
                            """
                                    .formatted(EVENTS));
            assertDone(result, machine);
            List<String> stored = ticks(machine.home().resolve("theirs.txt"));
            assertThat(stored)
                    .hasSizeGreaterThan(1000)
                    .isEqualTo(
                            IntStream.range(0, stored.size()).mapToObj(Integer::toString).toList());
            assertThat(ticks(machine.home().resolve("ours.txt"))).isEqualTo(stored);
            assertThat(ticks(machine.home().resolve("next.txt"))).hasSize(EVENTS);
        }
    }

    @Test
    void refusesToListenToOthersInPlain() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result refused = machine.contrail("relayd", "-C", "tcp://0.0.0.0:0");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("--plain 0.0.0.0");
        }
    }
}
