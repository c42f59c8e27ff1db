// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `contrail` says after LTTng's words: what was probably meant, and how to go on.
class AdviceTest {
    @TempDir Path directory;

    private User user;

    @BeforeEach
    void create() throws IOException {
        user = User.withDaemon(directory);
        user.succeed("create shop -o DIR/shop");
        user.succeed("enable-channel -u orders,stock");
        user.succeed("enable-event -u shop:ordered,shop:paid -c orders");
        user.succeed("enable-event -j org.shop");
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @Test
    void namesWereProbablyMeantOtherwise() {
        assertSaid(
                user,
                """
                $ contrail start shpo
                2 Error: Session 'shpo' not found: did you mean shop?
                = 23
                $ contrail set-session SHOP
                2 Error: Session 'SHOP' not found: did you mean shop?
                = 1
                $ contrail view shpo
                2 Error: shpo: no such session, file or folder: did you mean shop?
                = 1
                $ contrail disable-channel -u order
                2 Error: Channel order: UST channel not found: did you mean orders? (session shop)
                = 4
                $ contrail disable-event -u shop:payed -c orders
                2 Error: shop:payed of type any : UST event not found: did you mean shop:paid? (channel orders, session shop)
                = 76
                $ contrail disable-event -u shop:paid -c oders
                2 Error: shop:paid of type any : UST channel not found: did you mean orders? (channel oders, session shop)
                = 59
                $ contrail disable-event -j org.shp
                2 Error: org.shp of type any : UST event not found: did you mean org.shop? (channel channel0, session shop)
                = 76
                $ contrail enable-event -u shop:late
                2 Error: Event shop:late: Non-default channel exists within session: channel name needs to be specified with '-c name', which is one of orders, stock (channel <default>, session shop)
                = 83
                $ contrail snapshot recrod
                2 Error: Unrecognized argument used with 'snapshot' command: recrod: did you mean record?
                = 2
                $ contrail CREATE x
                1 contrail: CREATE is not a contrail command: did you mean create? See 'contrail --help'.
                = 2
                $ contrail ''
                1 contrail: '' is not a contrail command. See 'contrail --help'.
                = 2
                """);
    }

    @Test
    void aChannelToListWasProbablyMeantOtherwise() {
        User.Said said = user.contrail("list shop -c stok");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).isEqualTo("Error: Channel stok not found: did you mean stock?\n");
    }

    @Test
    void whatIsWrongWithTheWordsIsTold() {
        assertSaid(
                user,
                """
                $ contrail status shop
                2 Error: status takes no argument, but shop: contrail list shop shows a session
                = 2
                $ contrail enable-channel -u c --overwrite=yes
                2 Error: --overwrite takes no value: contrail enable-channel --overwrite
                = 2
                $ contrail enable-channel -u c -x a
                2 Error: Unrecognized argument used with 'enable-channel' command: -x (contrail help enable-channel shows what there is)
                = 2
                $ contrail enable-event -k a --tracepoint --syscall
                2 Error: Multiple event type not supported: use either --tracepoint or --syscall
                = 1
                $ contrail create -- --x
                1 Session --x created.
                1 Traces will be output to DIR/home/lttng-traces/--x-TIME
                $ contrail destroy -- --x --y
                2 Error: Unknown argument: --y (contrail help destroy shows what there is)
                = 1
                $ contrail destroy --x
                2 Error: Unrecognized argument used with 'destroy' command: --x (contrail help destroy shows what there is)
                = 2
                """);
    }

    @Test
    void aDaemonThatCannotBeStartedIsNamedWithItsReason() throws IOException {
        Files.writeString(directory.resolve("text"), "no program");
        User other = User.at(directory.resolve("other"));
        Files.createDirectories(other.directory());
        assertSaid(
                other,
                """
                $ contrail --sessiond-path /nosuch create
                1 Spawning a session daemon
                2 Error: Problem occurred while starting the session daemon: /nosuch: No such file or directory (--sessiond-path or LTTNG_SESSIOND_PATH names it)
                = 1
                $ contrail --sessiond-path /proc create
                1 Spawning a session daemon
                2 Error: Problem occurred while starting the session daemon: /proc: Is a directory (--sessiond-path or LTTNG_SESSIOND_PATH names it)
                = 1
                $ contrail --sessiond-path DIR/../text create
                1 Spawning a session daemon
                2 Error: Problem occurred while starting the session daemon: DIR/../text: Permission denied (--sessiond-path or LTTNG_SESSIOND_PATH names it)
                = 1
                """);
    }
}
