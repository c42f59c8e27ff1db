// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files for the current session that cannot be read or written, and ones that name a session that
/// is gone.
class UnusableConfigTest {
    @TempDir Path directory;

    /// What follows in a script would go into another session: the status is that of lttng.
    @Test
    void aSessionThatCannotBeTheCurrentOneIsCreatedAndDestroyed() throws IOException {
        try (User user = User.withDaemon(directory)) {
            Files.createDirectories(user.home().resolve(".lttngrc"));
            Files.createDirectories(user.home().resolve(".contrailrc"));
            assertSaid(
                    user,
                    """
                    $ contrail create one --no-output
                    1 Session one created.
                    2 Error: Session one is not the current one, as that cannot be kept (DIR/home/.contrailrc: Is a directory): name it in each command
                    = 1
                    $ lttng create two --no-output
                    1 Session two created.
                    2 Error: Unable to create config file
                    2 DIR/home/.lttngrc: Is a directory
                    = 1
                    $ contrail status
                    2 Error: DIR/home/.contrailrc: Is a directory
                    = 1
                    $ contrail destroy --all
                    1 Session two destroyed
                    1 Session one destroyed
                    2 Warning: Which session is the current one stays as it is: DIR/home/.contrailrc: Is a directory
                    2 Warning: Which session is the current one stays as it is: DIR/home/.contrailrc: Is a directory
                    """);
        }
    }

    @Test
    void bytesThatAreNoTextAreNamedAsSuch() throws IOException {
        User user = User.at(directory);
        Files.createDirectories(user.home());
        Files.write(user.home().resolve(".contrailrc"), new byte[] {(byte) 0xff, '\n'});
        assertSaid(
                user,
                """
                $ contrail status
                2 Error: DIR/home/.contrailrc: It is no text in UTF-8
                = 1
                """);
    }

    @Test
    void aCurrentSessionThatIsGoneIsNamedWithWhatIsThere() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create shop --no-output");
            Files.writeString(user.home().resolve(".contrailrc"), "session=shpo\n");
            Files.writeString(user.home().resolve(".lttngrc"), "session=shpo\n");
            assertSaid(
                    user,
                    """
                    $ contrail status
                    2 Error: Session 'shpo' not found: did you mean shop?
                    = 1
                    $ contrail view
                    2 Error: Session 'shpo' not found: did you mean shop?
                    = 1
                    $ lttng view
                    1 Session name shpo not found
                    2 Error: Session 'shpo' not found
                    = 1
                    """);
        }
    }
}
