// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Our relay daemon.
final class OurRelay extends RelayProcess {
    private OurRelay(Machine machine, Path output) throws IOException {
        super(
                machine,
                List.of(Machine.checkout().resolve("contrail").toString(), "relayd"),
                output);
    }

    static OurRelay start(Machine machine) throws IOException, InterruptedException {
        return start(machine, machine.root().resolve("relayed"));
    }

    static OurRelay start(Machine machine, Path output) throws IOException, InterruptedException {
        var relay = new OurRelay(machine, output);
        relay.awaitReady();
        return relay;
    }
}
