// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.PacketSource.Arrival;
import dev.contrail.analysis.PacketSource.End;
import dev.contrail.analysis.PacketSource.Packet;
import dev.contrail.analysis.PacketSource.Unreadable;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LivePackets;
import dev.contrail.analysis.live.LiveSession;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A viewer that is remembered, and is killed now and then: what it has shown is in a file.
final class Watcher {
    private final Machine machine;
    private final World world;
    private final int number;
    private final List<Shown> shown = new ArrayList<>();
    private SimulatedProcess process;
    private boolean isOver;
    private String lastFailure = "";

    /// A packet that has been shown, or something that is missing.
    ///
    /// @param content of the packet; 0 for an empty one
    record Shown(String stream, long content, String missing) {}

    Watcher(Machine machine, World world, int number) {
        this.machine = machine;
        this.world = world;
        this.number = number;
    }

    List<Shown> shown() {
        return shown;
    }

    boolean isOver() {
        return isOver;
    }

    void start() {
        if (process != null && process.isAlive() || isOver) {
            return;
        }
        process = new SimulatedProcess(world.simulation(), machine, "viewer" + number);
        SimulatedProcess its = process;
        its.start("main", () -> watch(its));
    }

    void kill(long steps) {
        long pause = world.simulation().between(1, 60_000_000_000L);
        process.atEnd(() -> world.simulation().after(pause, this::start));
        process.killAfter(steps);
    }

    void heal() {
        process.killAfter(Long.MAX_VALUE);
        start();
    }

    private void watch(SimulatedProcess its) {
        String url = "net://10.0.0.2/host/%s/%s".formatted(World.HOST, world.plan().session());
        Component source =
                LiveSource.as(LiveSource.fromBeginning(LiveSource.of(url)), "viewer" + number)
                        .with(Map.of("session-not-found-action", "fail"));
        if (number == 0) { // the others are started again
            source = LiveSource.lasting(source);
        }
        while (!isOver) {
            try (LiveSession session = LiveSource.open(source, its.network(), its.clock())) {
                follow(session, its);
            } catch (IOException e) {
                lastFailure = e.getMessage();
                world.simulation().log("viewer: " + e);
            } catch (UsageException | RuntimeException e) {
                world.fail("viewer: " + e);
                return;
            }
            pause(its, 1000);
        }
    }

    private static void pause(SimulatedProcess its, long millis) {
        try {
            its.clock().sleep(SimulatedProcess.millis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(LiveSession session, SimulatedProcess its) throws IOException {
        byte[] mark = session.mark().orElse(new byte[0]);
        if (mark.length == Integer.BYTES) { // it may have been killed before it had said one
            int known = ByteBuffer.wrap(mark).getInt();
            world.simulation()
                    .log(
                            "viewer%d has shown %d, and is to go on after %d"
                                    .formatted(number, shown.size(), known));
            while (shown.size() > known) {
                shown.removeLast();
            }
        }
        session.begin(mark());
        var streams = new ArrayList<LivePackets>();
        while (true) {
            session.look();
            streams.addAll(session.takeStreams());
            var places = new ArrayList<StreamPlace>();
            for (LivePackets each : List.copyOf(streams)) {
                if (show(each, places, its)) {
                    streams.remove(each);
                }
            }
            if (!places.isEmpty()) {
                session.shown(places, mark());
            } else if (streams.isEmpty() && session.isOver()) {
                session.check();
                world.simulation().log("viewer sees the end, shown " + shown.size());
                isOver = true;
                return;
            } else if (!session.await(SimulatedProcess.millis(200))) {
                pause(its, 200);
            }
        }
    }

    private byte[] mark() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(shown.size()).array();
    }

    /// @return whether the stream is over
    private boolean show(LivePackets stream, List<StreamPlace> places, SimulatedProcess its)
            throws IOException {
        Arrival next = stream.next();
        boolean isAny = false;
        while (next instanceof Packet || next instanceof Unreadable) {
            its.step();
            if (next instanceof Packet packet) {
                long content = content(packet.bytes());
                world.simulation()
                        .log(
                                "viewer%d is shown %d of %s as number %d, from %s"
                                        .formatted(
                                                number,
                                                content & 0xFFFFFF,
                                                stream.name(),
                                                stream.number(),
                                                stream.begin()));
                shown.add(new Shown(stream.name(), content, ""));
                isAny = true;
            } else {
                shown.add(new Shown(stream.name(), 0, ((Unreadable) next).what()));
            }
            next = stream.next();
        }
        if (isAny) {
            places.add(
                    new StreamPlace(
                            stream.id(),
                            new StreamPosition(stream.number(), StreamPosition.WHOLE)));
        }
        return next instanceof End;
    }

    private static long content(ByteBuffer bytes) {
        int at = bytes.position() + JvmSchema.PACKET_START_BYTES;
        return at + Long.BYTES > bytes.limit()
                ? 0
                : bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }

    @Override
    public String toString() {
        return "viewer%d (over: %s, %d shown, %s)"
                .formatted(number, isOver, shown.size(), lastFailure);
    }
}
