// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.traced.TracedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of sessions as `contrail` tells it: created, started, stopped, destroyed.
class SessionLifeTest {
    @TempDir Path directory;
    private User user;

    @BeforeEach
    void open() throws IOException {
        user = User.withDaemon(directory);
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @Test
    void aSessionOnDiskIsCreatedStartedStoppedAndDestroyed() {
        assertSaid(
                user,
                """
                $ contrail create night
                1 Session night created.
                1 Traces will be output to DIR/home/lttng-traces/night-TIME
                $ contrail enable-event -u count:*
                1 ust event count:* created in channel channel0
                $ contrail start
                1 Tracing started for session night
                $ contrail list
                1 Available recording sessions:
                1   1) night [active]
                1     Trace output: DIR/home/lttng-traces/night-TIME
                1
                1
                1 Use contrail list <session_name> for more details
                $ contrail stop
                1 Waiting for data availability
                1 Tracing stopped for session night
                $ contrail list
                1 Available recording sessions:
                1   1) night [inactive]
                1     Trace output: DIR/home/lttng-traces/night-TIME
                1
                1
                1 Use contrail list <session_name> for more details
                $ contrail destroy
                1 Session night destroyed
                $ contrail list
                1 Currently no available recording session
                """);
        assertThat(user.home().resolve(".contrailrc")).doesNotExist();
    }

    @Test
    void eachModeSaysWhereItsTraceWillBe() {
        assertSaid(
                user,
                """
                $ contrail create disk
                1 Session disk created.
                1 Traces will be output to DIR/home/lttng-traces/disk-TIME
                $ contrail create elsewhere -o DIR/there
                1 Session elsewhere created.
                1 Traces will be output to DIR/there
                $ contrail create url --output=file://DIR/url
                1 Session url created.
                1 Traces will be output to DIR/url
                $ contrail create memory --snapshot
                1 Snapshot session memory created.
                1 Default snapshot output set to DIR/home/lttng-traces/memory-TIME
                1 Every channel enabled for this session will be set to mmap output and default to overwrite mode.
                $ contrail create memory-there --snapshot -o DIR/memory
                1 Snapshot session memory-there created.
                1 Default snapshot output set to DIR/memory
                1 Every channel enabled for this session will be set to mmap output and default to overwrite mode.
                $ contrail create silent --no-output
                1 Session silent created.
                $ contrail create
                1 Session auto-TIME created.
                1 Traces will be output to DIR/home/lttng-traces/auto-TIME
                $ contrail list
                1 Available recording sessions:
                1   1) auto-TIME [inactive]
                1     Trace output: DIR/home/lttng-traces/auto-TIME
                1
                1   2) silent [inactive]
                1
                1   3) memory-there [inactive snapshot]
                1
                1   4) memory [inactive snapshot]
                1
                1   5) url [inactive]
                1     Trace output: DIR/url
                1
                1   6) elsewhere [inactive]
                1     Trace output: DIR/there
                1
                1   7) disk [inactive]
                1     Trace output: DIR/home/lttng-traces/disk-TIME
                1
                1
                1 Use contrail list <session_name> for more details
                """);
    }

    @Test
    void refusesWhatCannotBeASession() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        assertSaid(
                user,
                """
                $ contrail create one
                1 Session one created.
                1 Traces will be output to DIR/home/lttng-traces/one-TIME
                $ contrail create one
                2 Error: Session name already exists: choose another, or end that session with contrail destroy one
                = 1
                $ contrail create auto
                2 Error: auto is a reserved keyword for default session(s)
                = 1
                $ contrail create auto-20261129
                2 Error: auto is a reserved keyword for default session(s)
                = 1
                $ contrail create a/b
                2 Error: Invalid character found in session name
                = 1
                $ contrail create ''
                2 Error: Invalid parameter
                = 1
                $ contrail create two --no-output -o DIR/x
                2 Error: Cannot use --no-output with --output.
                = 1
                $ contrail create two -o net://host
                2 Error: --output is a directory, and a relay is: -U net://host
                = 1
                $ contrail create two -o DIR/file/below
                2 Error: Failed to expand output path: DIR/file/below: Not a directory
                = 1
                $ contrail create two three
                2 Error: Unknown argument: three (contrail help create shows what there is)
                = 1
                $ contrail create --live two
                2 Error: Wrong value for --live parameter: two: want microseconds, or a number with ms or s, up to an hour
                = 1
                $ contrail create --snapshto two
                2 Error: Unrecognized argument used with 'create' command: --snapshto: did you mean --snapshot?
                = 2
                $ contrail list
                1 Available recording sessions:
                1   1) one [inactive]
                1     Trace output: DIR/home/lttng-traces/one-TIME
                1
                1
                1 Use contrail list <session_name> for more details
                """);
    }

    @Test
    void aRefusedSessionLeavesTheCurrentOne() {
        user.succeed("create one");
        user.contrail("create auto");
        assertThat(user.home().resolve(".contrailrc")).hasContent("session=one");
    }

    @Test
    void commandsMeanTheSessionThatWasCreatedOrSetLast() {
        assertSaid(
                user,
                """
                $ contrail create first
                1 Session first created.
                1 Traces will be output to DIR/home/lttng-traces/first-TIME
                $ contrail create second
                1 Session second created.
                1 Traces will be output to DIR/home/lttng-traces/second-TIME
                $ contrail enable-event -u a:b
                1 ust event a:b created in channel channel0
                $ contrail set-session first
                1 Session set to first
                $ contrail enable-event -u c:d
                1 ust event c:d created in channel channel0
                $ contrail list -d first
                1 Recording session first: [inactive]
                1     Trace output: DIR/home/lttng-traces/first-TIME
                1
                1 Domains:
                1 -------------
                1   - UST global
                $ contrail start
                1 Tracing started for session first
                $ contrail start second
                1 Tracing started for session second
                $ contrail start
                2 Warning: Tracing already started for session first
                = 80
                $ contrail stop first
                1 Waiting for data availability
                1 Tracing stopped for session first
                $ contrail stop
                2 Warning: Tracing already stopped for session first
                = 81
                $ contrail stop second
                1 Waiting for data availability
                1 Tracing stopped for session second
                """);
    }

    @Test
    void saysWhichNameWasProbablyMeant() {
        assertSaid(
                user,
                """
                $ contrail start none
                2 Error: Session 'none' not found: there is none, contrail create makes one
                = 23
                $ contrail create flight --snapshot
                1 Snapshot session flight created.
                1 Default snapshot output set to DIR/home/lttng-traces/flight-TIME
                1 Every channel enabled for this session will be set to mmap output and default to overwrite mode.
                $ contrail start flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 23
                $ contrail stop flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 23
                $ contrail destroy flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 23
                $ contrail set-session flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 1
                $ contrail list flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 1
                $ contrail snapshot record -s flihgt
                2 Error: Session 'flihgt' not found: did you mean flight?
                = 1
                $ contrail enable-event -u a:b -s flihgt
                2 Error: Event a:b: Session 'flihgt' not found: did you mean flight? (channel channel0, session flihgt)
                = 23
                $ contrail enable-channel -u c -s flihgt
                2 Error: Channel c: Session 'flihgt' not found: did you mean flight? (session flihgt)
                = 1
                $ contrail disable-channel -u c -s flihgt
                2 Error: Channel c: Session 'flihgt' not found: did you mean flight? (session flihgt)
                = 4
                $ contrail disable-event -u a:b -s flihgt
                2 Error: a:b of type any : Session 'flihgt' not found: did you mean flight? (channel channel0, session flihgt)
                = 23
                $ contrail start harbor
                2 Error: Session 'harbor' not found (contrail list shows those that there are)
                = 23
                $ contrail set-session
                2 Error: Missing session name
                = 1
                """);
    }

    @Test
    void lttngKeepsLttngsWordsForWhatIsNotThere() {
        assertSaid(
                user,
                """
                $ lttng create flight --snapshot
                1 Snapshot session flight created.
                1 Default snapshot output set to DIR/home/lttng-traces/flight-TIME
                1 Every channel enabled for this session will be set to mmap output and default to overwrite mode.
                $ lttng start flihgt
                2 Error: Session name not found
                = 23
                $ lttng set-session flihgt
                2 Error: Session 'flihgt' not found
                = 1
                $ lttng list flihgt
                2 Error: Session 'flihgt' not found
                = 1
                $ lttng destroy flihgt
                2 Error: Session name flihgt not found
                = 23
                """);
    }

    @Test
    void aSessionWithoutAChannelCannotStart() {
        assertSaid(
                user,
                """
                $ contrail create bare
                1 Session bare created.
                1 Traces will be output to DIR/home/lttng-traces/bare-TIME
                $ contrail start
                2 Error: Session bare has nothing to record yet: contrail enable-event says what (-k kernel, -u tracepoints, -j loggers)
                = 72
                $ lttng start
                2 Error: No channel found in the session
                = 72
                $ contrail stop
                2 Warning: Tracing already stopped for session bare
                = 81
                $ contrail enable-channel -u c
                1 ust channel c enabled for session bare
                $ contrail start
                1 Tracing started for session bare
                """);
    }

    @Test
    void destroyTellsEachSessionAndForgetsTheCurrentOne() {
        assertSaid(
                user,
                """
                $ contrail destroy --all
                1 No session found, nothing to do.
                $ contrail create one
                1 Session one created.
                1 Traces will be output to DIR/home/lttng-traces/one-TIME
                $ contrail create two
                1 Session two created.
                1 Traces will be output to DIR/home/lttng-traces/two-TIME
                $ contrail destroy one
                1 Session one destroyed
                $ contrail destroy one
                2 Error: Session 'one' not found (contrail list shows those that there are)
                = 23
                $ contrail create three
                1 Session three created.
                1 Traces will be output to DIR/home/lttng-traces/three-TIME
                $ contrail destroy --all three
                2 Error: Unknown argument: three
                = 1
                $ contrail destroy --all
                1 Session three destroyed
                1 Session two destroyed
                $ contrail destroy
                2 Error: No session is set: contrail create makes one, contrail list shows those that there are, contrail set-session NAME chooses one
                = 1
                $ contrail status
                2 Error: No session is set: contrail create makes one, contrail list shows those that there are, contrail set-session NAME chooses one
                = 1
                """);
    }

    @Test
    void aSessionThatIsNotTheCurrentOneIsDestroyedByName() {
        user.succeed("create one");
        user.succeed("create two");
        user.succeed("destroy one");
        assertThat(user.home().resolve(".contrailrc")).hasContent("session=two");
    }

    @Test
    void quietCommandsSayNothing() {
        assertSaid(
                user,
                """
                $ contrail -q create one
                $ contrail --quiet start nosuch
                = 23
                $ contrail -q enable-event -u count:*
                $ contrail -q list
                $ contrail -q destroy
                """);
    }

    @Test
    void stopTellsHowManyEventsFoundNoRoom() throws IOException {
        user.succeed("create small");
        user.succeed("enable-channel -u c --subbuf-size 4k --num-subbuf 2");
        user.succeed("enable-event -u count:* -c c");
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(100_000);
        }
        String said = user.succeed("stop");
        String status = user.succeed("status");

        assertThat(said)
                .matches(
                        "Waiting for data availability\n"
                                + "Warning: \\d+ events were discarded, please refer to the"
                                + " documentation on channel configuration\\.\n"
                                + "Tracing stopped for session small\n");
        long discarded = Long.parseLong(said.replaceAll("(?s).*Warning: (\\d+) .*", "$1"));
        assertThat(status)
                .endsWith(
                        "User space: history is in the output; %,d recorded, 0 overwritten, %,d discarded\n"
                                .formatted(100_000 - discarded, discarded));
    }

    @Test
    void stopWithoutWaitingSaysNothingOfWaiting() {
        assertSaid(
                user,
                """
                $ contrail create s
                1 Session s created.
                1 Traces will be output to DIR/home/lttng-traces/s-TIME
                $ contrail enable-event -u count:*
                1 ust event count:* created in channel channel0
                $ contrail start
                1 Tracing started for session s
                $ contrail stop --no-wait
                1 Tracing stopped for session s
                $ contrail destroy --no-wait
                1 Session s destroyed
                """);
    }

    @Test
    void aCurrentSessionThatIsGoneIsNamed() throws IOException {
        Files.createDirectories(user.home());
        Files.writeString(user.home().resolve(".contrailrc"), "session=ghost\n");
        assertSaid(
                user,
                """
                $ contrail status
                2 Error: Session 'ghost' not found: there is none, contrail create makes one
                = 1
                $ contrail start
                2 Error: Session 'ghost' not found: there is none, contrail create makes one
                = 23
                $ contrail view
                2 Error: Session 'ghost' not found: there is none, contrail create makes one
                = 1
                $ contrail snapshot record
                2 Error: Session 'ghost' not found: there is none, contrail create makes one
                = 1
                """);
    }
}
