// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What daemons keep for the next one is damaged while none runs, as by a disk that forgets: each
/// file that there is, of a session of its own.
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DamagedStateSystemTest {
    private enum Damage {
        EMPTY {
            @Override
            byte[] of(byte[] bytes) {
                return new byte[0];
            }
        },
        CUT {
            @Override
            byte[] of(byte[] bytes) {
                return Arrays.copyOf(bytes, bytes.length / 2);
            }
        },
        FLIPPED {
            @Override
            byte[] of(byte[] bytes) {
                byte[] flipped = bytes.clone();
                for (int i = 0; i < FLIPS; i++) {
                    flipped[(int) ((2L * i + 1) * bytes.length / (2 * FLIPS))] ^= 0x55;
                }
                return flipped;
            }
        },
        NOISE {
            @Override
            byte[] of(byte[] bytes) {
                byte[] noise = new byte[bytes.length];
                new Random(bytes.length).nextBytes(noise);
                return noise;
            }
        };

        private static final int FLIPS = 4;

        abstract byte[] of(byte[] bytes);
    }

    /// Files of a session's state, as they begin, and the relay's of it.
    private static final List<String> FILES =
            List.of(
                    "session",
                    "relay",
                    "positions-",
                    "packets-",
                    "metadata-",
                    "jvm-",
                    ".contrail-journal",
                    ".contrail-label");

    /// A session, one of whose files is damaged.
    private record Damaged(String session, String file, Damage damage) {}

    private static List<Damaged> all() {
        var all = new ArrayList<Damaged>();
        Damage[] damages = Damage.values();
        for (int i = 0; i < FILES.size(); i++) {
            for (int j = 0; j < 2; j++) {
                Damage damage = damages[(i + 2 * j) % damages.length];
                all.add(new Damaged("damaged" + all.size(), FILES.get(i), damage));
            }
        }
        return all;
    }

    private static Path state(Machine machine, String session) throws IOException {
        try (var all = Files.newDirectoryStream(machine.runDirectory().resolve("sessions"))) {
            for (Path each : all) {
                if (Files.readString(each.resolve("session")).contains("name=" + session + "\\n")) {
                    return each;
                }
            }
        }
        throw new AssertionError("no state of " + session);
    }

    private static void damage(Path directory, Damaged what) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(directory, what.file() + "*")) {
            all.forEach(found::add);
        }
        assertThat(found).as("%s in %s", what, directory).isNotEmpty();
        for (Path each : found) {
            Files.write(each, what.damage().of(Files.readAllBytes(each)));
        }
    }

    /// Nothing is lost that nobody tells of, nobody hangs, and the session beside them has all.
    @Test
    void costsOtherSessionsNothingAndIsSaid() throws Exception {
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            List<Damaged> all = all();
            for (Damaged each : all) {
                ResumeSystemTest.session(machine, each.session(), "-U", relay.url());
            }
            ResumeSystemTest.session(machine, "whole", "-U", relay.url());
            Counter counter = Counter.start(machine, 1, 0, 2_000_000);
            counter.await(500);
            relay.kill();
            counter.await(counter.total() + 500); // which wait for the relay
            machine.killDaemon();
            var states = new HashMap<String, String>();
            for (Damaged each : all) {
                Path state = state(machine, each.session());
                states.put(each.session(), state.getFileName().toString());
                boolean isRelays = each.file().startsWith(".");
                damage(isRelays ? relay.sessions(each.session()).getFirst() : state, each);
            }
            relay.restart();
            machine.succeed("sessiond", "--background", "--no-kernel");
            counter.await(counter.total() + 500);
            long[] emitted = counter.end();

            machine.succeed("stop", "whole");
            machine.succeed("destroy", "whole");
            Ticks.read(machine, relay.sessions("whole").getFirst()).assertAllUpTo(emitted);
            var silent = new TreeMap<String, String>();
            for (Damaged each : all) {
                Machine.Result destroyed = machine.contrail("destroy", each.session());
                long stored = 0;
                String told = destroyed.err();
                if (machine.log().contains(states.get(each.session()))) {
                    told += "in the log";
                }
                for (Path trace : relay.sessions(each.session())) {
                    Machine.Result view = machine.contrail("view", trace.toString());
                    stored +=
                            view.out().lines().filter(line -> line.contains("count:tick")).count();
                    told += view.err();
                }
                if (stored < emitted[0] && told.isBlank()) {
                    silent.put(each.toString(), "%d of %d".formatted(stored, emitted[0]));
                }
            }
            assertThat(silent).isEmpty();
            ResumeSystemTest.session(machine, "later", "-U", relay.url());
            machine.succeed("destroy", "later");
        }
    }
}
