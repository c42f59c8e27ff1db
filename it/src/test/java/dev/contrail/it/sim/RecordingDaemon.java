// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import dev.contrail.recorder.consumer.Consumer;
import dev.contrail.recorder.consumer.Given;
import dev.contrail.recorder.consumer.Outbox;
import dev.contrail.recorder.consumer.PacketQueue;
import dev.contrail.recorder.consumer.Sender;
import dev.contrail.recorder.consumer.StreamPositions;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.relay.CreationFile;
import dev.contrail.recorder.relay.RelayIdentity;
import dev.contrail.recorder.relay.RelayOutput;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.RelayEndpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A session daemon with one session, which it sends to a relay: as `Session` of the recorder puts
/// it together.
final class RecordingDaemon {
    private final SimulatedProcess process;
    private final Plan plan;
    private final LostRecords lost;
    private final Consumer consumer;
    private final Sender sender;
    private boolean isEnded;

    RecordingDaemon(
            Machine machine,
            Simulation simulation,
            Plan plan,
            RelayEndpoints relay,
            List<Ring> rings,
            boolean isAgain,
            World world) {
        this.plan = plan;
        process = new SimulatedProcess(simulation, machine, "daemon");
        Path state = machine.disk().path("/state");
        try {
            PrivateFiles.directory(state);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        lost = LostRecords.in(state.resolve("lost"));
        var host = new RecorderHost(process.clock(), process.threads());
        var queue =
                PacketQueue.open(
                        state,
                        "packets-1",
                        new SpillBudget(64 << 20),
                        plan.spoolBytes(),
                        process.clock());
        var given = new Given(state);
        var origin = new RelayIdentity.Origin(new UUID(7, plan.seed()), 1, plan.isSynced());
        var output =
                new RelayOutput(
                        relay,
                        process.network(),
                        process.clock(),
                        new RelayIdentity(
                                plan.session(),
                                World.HOST,
                                "",
                                plan.liveMicros(),
                                "",
                                0,
                                Optional.of(origin)),
                        new UUID(9, plan.seed()),
                        lost,
                        Optional.of(new CreationFile(state.resolve("relay"), false)));
        var supervisor = new Supervisor(world::fail);
        sender =
                new Sender(
                        plan.session(),
                        output,
                        queue,
                        StreamPositions.in(state.resolve("positions-1")),
                        () -> rings,
                        given,
                        supervisor,
                        host);
        var outbox = new Outbox(sender, queue, given);
        consumer = new Consumer(plan.session(), () -> rings, output, outbox, sender, supervisor);
        if (isAgain) {
            consumer.takenOver();
        }
        consumer.startDraining();
    }

    SimulatedProcess process() {
        return process;
    }

    LostRecords lost() {
        return lost;
    }

    /// Stops recording, and ends the session.
    void finish() {
        consumer.stopDraining(true)
                .thenCompose(_ -> consumer.end())
                .thenCompose(_ -> sender.ended())
                .whenComplete((_, _) -> isEnded = true);
    }

    boolean isEnded() {
        return isEnded;
    }

    String state() {
        return consumer.problem() + " " + sender.relayView();
    }
}
