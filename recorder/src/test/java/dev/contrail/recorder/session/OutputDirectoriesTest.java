// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.recorder.domain.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoriesTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir private Path directory;

    /// What is left where the disk was full while the claim was written.
    @Test
    void anEmptyClaimIsNobodys() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        Path claim = Files.createFile(output.resolve(OutputDirectories.CLAIM));

        outputs(PATIENCE_NANOS).claim(output, 1, "session").get(20, TimeUnit.SECONDS);

        assertThat(claim).content().startsWith("1 session");
    }

    @Test
    void aClaimThatIsAPipeIsSomebodyElses() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        String pipe = output.resolve(OutputDirectories.CLAIM).toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();

        CompletableFuture<Path> claim = outputs(PATIENCE_NANOS).claim(output, 1, "session");

        assertThatThrownBy(() -> claim.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("is another session's");
    }

    /// Nobody waits for a disk for ever; what it does later is undone.
    @Test
    void aDiskThatDoesNotAnswerIsARefusalAndNothingIsLeft() throws Exception {
        Path late = directory.resolve("late");
        var disk = new CountDownLatch(1);
        var undone = new CompletableFuture<Path>();
        CompletableFuture<Path> made =
                outputs(1)
                        .answerOf(
                                late,
                                () -> {
                                    disk.await();
                                    return Files.createDirectory(late);
                                },
                                found -> {
                                    Files.delete(found);
                                    undone.complete(found);
                                });

        assertThatThrownBy(() -> made.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("No answer from " + late)
                .hasMessageContaining("name another directory");
        disk.countDown();
        assertThat(undone.get(20, TimeUnit.SECONDS)).isEqualTo(late).doesNotExist();
    }

    /// As when the disk had kept a start waiting for so long that its session is destroyed.
    @Test
    void aStartAfterTheSessionsEndClaimsNothing() throws Exception {
        Path output = directory.resolve("output");
        OutputDirectories outputs = outputs();
        get(outputs.claim(output, 1, "session"));
        OutputDirectories.Starts held = outputs.starts(1);

        outputs.releaseUnmade(output, 1).get(20, TimeUnit.SECONDS);
        held.claim(output, 1, "session");

        assertThat(output).doesNotExist();
    }

    @Test
    void aDirectoryIsCreatedUnderTheNameThatIsWanted() throws Exception {
        Path wanted = directory.resolve("traces/night");

        assertThat(get(outputs().create(wanted))).isEqualTo(wanted).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(wanted)))
                .isEqualTo("rwx------");
    }

    /// Several daemons, or a clock that was set back.
    @Test
    void aDirectoryThatIsTakenHasKinWithNumbers() throws Exception {
        Path wanted = directory.resolve("night");

        assertThat(get(outputs().create(wanted))).isEqualTo(wanted);
        assertThat(get(outputs().create(wanted))).isEqualTo(directory.resolve("night-2"));
        assertThat(get(outputs().create(wanted))).isEqualTo(directory.resolve("night-3"));
    }

    @Test
    void noTwoWhoAskAtOnceGetOneDirectory() throws Exception {
        Path wanted = directory.resolve("night");
        var asked = new ArrayList<CompletableFuture<Path>>();
        for (int i = 0; i < 20; i++) {
            asked.add(outputs().create(wanted));
        }
        var made = new ArrayList<Path>();
        for (CompletableFuture<Path> each : asked) {
            made.add(get(each));
        }

        assertThat(made).doesNotHaveDuplicates().allMatch(Files::isDirectory);
    }

    /// The start of the session says why.
    @Test
    void aDirectoryThatCannotBeMadeIsNamedAllTheSame() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path wanted = file.resolve("below/night");

        assertThat(get(outputs().create(wanted))).isEqualTo(wanted);
        assertThat(file).isRegularFile();
    }

    @Test
    void aSnapshotHasItsNumberOrTheNextThatIsFree() throws Exception {
        Files.createDirectory(directory.resolve("s-3"));

        assertThat(get(outputs().snapshot(directory, "s", 2))).isEqualTo(directory.resolve("s-2"));
        assertThat(get(outputs().snapshot(directory, "s", 3))).isEqualTo(directory.resolve("s-4"));
    }

    @Test
    void aSnapshotBelowAFileIsRefusedInLttngsWords() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> get(outputs().snapshot(file, "s", 0)))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("Create directory failed: ");
    }

    @Test
    void aClaimIsRenewedByItsOwnSessionAndRefusedToOthers() throws Exception {
        Path output = directory.resolve("output");
        get(outputs().claim(output, 0xab, "mine"));
        get(outputs().claim(output, 0xab, "mine"));

        assertThat(output.resolve(OutputDirectories.CLAIM)).content().startsWith("ab mine\n");
        assertThatThrownBy(() -> get(outputs().claim(output, 0xac, "other")))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("is another session's: name another one");
    }

    @Test
    void aDirectoryThatHoldsATraceIsNotClaimed() throws Exception {
        Path output = directory.resolve("output");
        Files.createDirectories(output.resolve("ust/uid/1000/64-bit"));
        Files.writeString(output.resolve("ust/uid/1000/64-bit/metadata"), "/* CTF 1.8 */");

        assertThatThrownBy(() -> get(outputs().claim(output, 1, "s")))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("holds a trace: name a new one");
        assertThat(output.resolve(OutputDirectories.CLAIM)).doesNotExist();
    }

    @Test
    void aDirectoryWithOtherFilesIsClaimed() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        Files.writeString(output.resolve("notes.txt"), "mine");
        get(outputs().claim(output, 1, "s"));

        assertThat(output.resolve(OutputDirectories.CLAIM)).isRegularFile();
    }

    @Test
    void whatWasNeverStartedGoesWithItsClaim() throws Exception {
        Path output = directory.resolve("output");
        get(outputs().claim(output, 1, "s"));
        get(outputs().releaseUnmade(output, 1));

        assertThat(output).doesNotExist();
    }

    @Test
    void whatIsNotEmptyOrAnothersStays() throws Exception {
        Path output = directory.resolve("output");
        get(outputs().claim(output, 1, "s"));
        get(outputs().releaseUnmade(output, 2));
        assertThat(output.resolve(OutputDirectories.CLAIM)).exists();
        Files.writeString(output.resolve("notes.txt"), "mine");
        get(outputs().releaseUnmade(output, 1));

        assertThat(output.resolve("notes.txt")).hasContent("mine");
        assertThat(output.resolve(OutputDirectories.CLAIM)).doesNotExist();
        get(outputs().releaseUnmade(directory.resolve("missing"), 1));
    }

    /// Each waits in a thread of its own: there is an end to them.
    @Test
    void noMoreThanSixtyFourDisksAreWaitedFor() throws Exception {
        OutputDirectories outputs = outputs();
        var disk = new CountDownLatch(1);
        var waiting = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < OutputDirectories.MAX_CALLS; i++) {
            waiting.add(
                    outputs.answerOf(
                            directory,
                            () -> {
                                disk.await();
                                return "answered";
                            },
                            _ -> {}));
        }
        assertThatThrownBy(() -> get(outputs.create(directory.resolve("next"))))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("64 output directories do not answer: see to their disks");
        disk.countDown();
        for (CompletableFuture<String> each : waiting) {
            assertThat(get(each)).isEqualTo("answered");
        }
        assertThat(get(outputs.create(directory.resolve("next")))).isDirectory();
    }

    private static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    private OutputDirectories outputs() {
        return outputs(PATIENCE_NANOS);
    }

    private OutputDirectories outputs(long longestSilenceNanos) {
        return new OutputDirectories(directory, longestSilenceNanos);
    }
}
