// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Clock;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftSessionTest {
    private static final Supervisor SUPERVISOR =
            new Supervisor(why -> {
                throw new AssertionError(why);
            });

    @TempDir private Path directory;

    @Test
    void isWhatADaemonHasKeptAndIsOnlyRead() throws Exception {
        Path run = directory.resolve("run");
        assertThat(LeftSession.in(run)).isEmpty();
        String output = directory.resolve("out").toString();
        String snapshots = directory.resolve("snapshots").toString();
        try (var daemon = new SessionDaemon(run, 0, Clock.system(), SUPERVISOR)) {
            daemon.start();
            create(daemon, "disk", SessionMode.DISK, output);
            create(daemon, "ring", SessionMode.SNAPSHOT, snapshots);
            daemon.answer(new Request.StartSession("disk"));
        }
        assertThat(LeftSession.in(run))
                .extracting(LeftSession::name, LeftSession::isActive, LeftSession::output)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("disk", true, output),
                        org.assertj.core.groups.Tuple.tuple("ring", false, snapshots));

        LeftSession disk = LeftSession.in(run).getFirst();
        Path state =
                run.resolve("sessions").resolve(Long.toHexString(disk.id())).resolve("session");
        Files.writeString(state, "0000", StandardOpenOption.APPEND); // a torn end
        byte[] before = Files.readAllBytes(state);
        assertThat(LeftSession.in(run).getFirst()).isEqualTo(disk);
        assertThat(state).hasBinaryContent(before);

        Files.writeString(state, "nonsense");
        assertThat(LeftSession.in(run)).extracting(LeftSession::name).containsExactly("ring");
        assertThat(state).hasContent("nonsense");
    }

    private void create(SessionDaemon daemon, String name, SessionMode mode, String output) {
        var create =
                new Request.CreateSession(
                        name, mode, output, 0, false, directory.resolve("home").toString());
        assertThat(daemon.answer(create)).isInstanceOf(Reply.Created.class);
    }
}
