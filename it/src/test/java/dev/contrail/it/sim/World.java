// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedNetwork;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.wire.RelayEndpoints;
import java.io.IOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A traced machine, a relay and viewers, and what goes wrong.
final class World {
    static final String HOST = "traced";

    /// So long everything may take that is left to do when nothing goes wrong any more.
    private static final long PATIENCE_NANOS = SimulatedProcess.millis(30 * 60 * 1000);

    private final Simulation simulation;
    private final Plan plan;
    private final SimulatedNetwork network;
    private final Machine traced;
    private final Machine relaying;
    private final List<Application> applications = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final RelayEndpoints endpoints;
    private final Faults faults;
    private SimulatedProcess relay;
    private RecordingDaemon daemon;
    private Optional<String> failure = Optional.empty();

    World(long seed) {
        simulation = new Simulation(seed);
        plan = Plan.of(seed, simulation);
        network = new SimulatedNetwork(simulation);
        traced = new Machine(simulation, network, 1);
        relaying = new Machine(simulation, network, 2);
        if (plan.losesPower()) {
            relaying.disk().fragile();
        }
        try {
            endpoints = RelayEndpoints.parse("net://10.0.0.2");
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < plan.applications(); i++) {
            applications.add(new Application(traced, simulation, i, plan));
        }
        for (int i = 0; i < plan.viewers(); i++) {
            watchers.add(new Watcher(new Machine(simulation, network, 3 + i), this, i));
        }
        startRelay();
        startDaemon(false);
        applications.forEach(each -> each.record(plan.intervalNanos()));
        watchers.forEach(Watcher::start);
        faults = new Faults(this);
    }

    Simulation simulation() {
        return simulation;
    }

    SimulatedNetwork network() {
        return network;
    }

    Plan plan() {
        return plan;
    }

    Machine traced() {
        return traced;
    }

    Machine relaying() {
        return relaying;
    }

    List<Application> applications() {
        return applications;
    }

    List<Watcher> watchers() {
        return watchers;
    }

    SimulatedProcess relay() {
        return relay;
    }

    RecordingDaemon daemon() {
        return daemon;
    }

    /// Something has happened that must not.
    void fail(String what) {
        if (failure.isEmpty()) {
            failure = Optional.of(what);
        }
    }

    void startRelay() {
        if (relay != null && relay.isAlive()) {
            return;
        }
        relay = new SimulatedProcess(simulation, relaying, "relay");
        SimulatedProcess its = relay;
        its.start("main", () -> serve(its));
    }

    private void serve(SimulatedProcess process) {
        try {
            SimulatedRelay.open(process, 1024);
        } catch (IOException e) {
            process.kill(); // who starts it tries again
            simulation.after(SimulatedProcess.millis(500), this::startRelay);
        }
    }

    void startDaemon(boolean isAgain) {
        if (daemon != null && daemon.process().isAlive()) {
            return;
        }
        List<Ring> rings = List.copyOf(applications);
        daemon = new RecordingDaemon(traced, simulation, plan, endpoints, rings, isAgain, this);
    }

    /// Runs it to its end.
    ///
    /// @return what was wrong; empty for nothing
    Optional<String> run() {
        long end = plan.recordNanos();
        simulation.run(failure::isPresent, end);
        faults.end();
        applications.forEach(Application::stop);
        simulation.run(failure::isPresent, end + SimulatedProcess.millis(3000));
        if (failure.isPresent()) {
            return failure;
        }
        simulation.after(0, daemon::finish);
        if (!simulation.run(() -> failure.isPresent() || daemon.isEnded(), end + PATIENCE_NANOS)) {
            return Optional.of("the session does not end: " + daemon.state());
        }
        if (!simulation.run(
                () -> failure.isPresent() || watchers.stream().allMatch(Watcher::isOver),
                end + 2 * PATIENCE_NANOS)) {
            return Optional.of("a viewer does not end: " + watchers);
        }
        return failure.or(() -> new Account(this).check());
    }
}
