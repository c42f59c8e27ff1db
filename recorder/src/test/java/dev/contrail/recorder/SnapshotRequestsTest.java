// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a client may ask about snapshots, and what it is told.
class SnapshotRequestsTest extends AskedDaemon {
    @Test
    void onlyASnapshotSessionHasSnapshots() {
        create("s", SessionMode.DISK);
        for (Request each :
                List.of(
                        new Request.RecordSnapshot("s", "", "", 0),
                        new Request.AddOutput("s", "", "/x", 0),
                        new Request.DeleteOutput("s", "1"),
                        new Request.ListOutputs("s"))) {
            refused(
                    each,
                    LttngError.NOT_SNAPSHOT_SESSION,
                    "Snapshot command can't be applied to a non-snapshot session");
        }
    }

    @Test
    void aSessionThatNeverRecordedHasNoSnapshot() {
        create("s", SessionMode.SNAPSHOT);

        refused(new Request.RecordSnapshot("s", "", "", 0), LttngError.START_SESSION_ONCE);
    }

    @Test
    void snapshotsAreNumberedAlsoOverARestart() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "u"));
        done(new Request.StartSession("s"));
        String first = recorded("", "");
        restart();
        String second = recorded("named", "");

        assertThat(Path.of(first))
                .isDirectory()
                .hasFileName(Path.of(first).getFileName().toString());
        assertThat(first).matches(".*/snapshot-1-\\d{8}-\\d{6}-0");
        assertThat(second).matches(".*/named-\\d{8}-\\d{6}-1");
    }

    @Test
    void aSnapshotGoesWhereItIsTold() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "u"));
        done(new Request.StartSession("s"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        String written = recorded("", elsewhere.toString());

        assertThat(Path.of(written)).hasParent(elsewhere).isDirectory();
    }

    @Test
    void aSnapshotNeedsAnOutput() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "u"));
        done(new Request.StartSession("s"));
        assertThat(daemon.answer(new Request.DeleteOutput("s", "1")))
                .isInstanceOf(Reply.Outputs.class);

        refused(
                new Request.RecordSnapshot("s", "", "", 0),
                LttngError.SNAPSHOT_FAIL,
                "No snapshot output: add one, or name a directory");
        assertThat(daemon.answer(new Request.AddOutput("s", "mine", directory + "/out", 0)))
                .isEqualTo(
                        new Reply.Outputs(
                                List.of(
                                        new Reply.SnapshotOutput(
                                                2, "mine", directory + "/out", 0))));
        assertThat(recorded("", "")).startsWith(directory + "/out/mine-");
    }

    @Test
    void outputsOutliveTheDaemon() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(new Request.DeleteOutput("s", "1"));
        daemon.answer(new Request.AddOutput("s", "mine", "/out", 4096));
        restart();

        assertThat(daemon.answer(new Request.ListOutputs("s")))
                .isEqualTo(
                        new Reply.Outputs(
                                List.of(new Reply.SnapshotOutput(2, "mine", "/out", 4096))));
    }

    private String recorded(String name, String where) {
        Reply reply = daemon.answer(new Request.RecordSnapshot("s", name, where, 0));
        assertThat(reply).isInstanceOf(Reply.Recorded.class);
        return ((Reply.Recorded) reply).directory();
    }
}
