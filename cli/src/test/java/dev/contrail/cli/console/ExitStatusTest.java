// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
    @Test
    void hasTheNumbersOfLttng() {
        assertThat(Arrays.stream(ExitStatus.values()).map(ExitStatus::number))
                .containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void isTheNumberOfAnErrorThatHasOne() {
        assertThat(ExitStatus.of(LttngError.SESS_NOT_FOUND)).isEqualTo(23);
        assertThat(ExitStatus.of(LttngError.UNK)).isEqualTo(1);
        assertThat(ExitStatus.of(LttngError.UST_CHAN_EXIST)).isEqualTo(4);
        assertThat(ExitStatus.of(LttngError.KERN_CHAN_EXIST)).isEqualTo(4);
    }

    @Test
    void aRefusalKeepsItsReasonWhenACommandChangesItsStatus() {
        Failure failure =
                Failure.of(new Reply.Refused(LttngError.NO_CHANNEL, "none"))
                        .withStatus(ExitStatus.ERROR);
        assertThat(failure.status()).isEqualTo(1);
        assertThat(failure.is(LttngError.NO_CHANNEL)).isTrue();
        assertThat(failure).hasMessage("none");
    }
}
