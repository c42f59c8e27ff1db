// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/// LTTng's relay daemon.
final class Relayd extends RelayProcess {
    private final Machine machine;

    private Relayd(Machine machine) throws IOException {
        super(machine, List.of("lttng-relayd"), machine.root().resolve("relayed"));
        this.machine = machine;
    }

    /// Starts one; the test is skipped where it is not installed.
    static Relayd start(Machine machine) throws IOException, InterruptedException {
        Needs.tool("lttng-relayd");
        machine.environment().put("HOME", machine.home().toString());
        var relay = new Relayd(machine);
        relay.awaitReady();
        return relay;
    }

    /// Sends it a signal, such as `STOP`.
    void signal(String name) throws IOException, InterruptedException {
        Machine.Result sent = machine.run(List.of("kill", "-" + name, process().pid() + ""));
        assertThat(sent.status()).as(sent.err()).isZero();
    }

    String controlUrl() {
        return "tcp://127.0.0.1:" + controlPort();
    }

    String dataUrl() {
        return "tcp://127.0.0.1:" + dataPort();
    }
}
