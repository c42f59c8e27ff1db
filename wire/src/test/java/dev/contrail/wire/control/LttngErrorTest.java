// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.LttngError;
import dev.contrail.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LttngErrorTest {
    /// Copied from `include/lttng/lttng-error.h` of lttng-tools 2.13.9.
    private static final String HEADER =
            """
            UNK = 11
            CREATE_DIR_FAIL = 17
            NO_SESSIOND = 19
            SESS_NOT_FOUND = 23
            NOMEM = 26
            EXIST_SESS = 28
            NO_EVENT = 29
            SNAPSHOT_OUTPUT_EXIST = 31
            KERN_NA = 33
            KERN_CHAN_EXIST = 37
            KERN_CHAN_FAIL = 38
            KERN_CONTEXT_FAIL = 42
            KERN_ENABLE_FAIL = 43
            START_SESSION_ONCE = 50
            SNAPSHOT_FAIL = 51
            UST_EVENT_ENABLED = 55
            UST_CHAN_EXIST = 57
            UST_CHAN_NOT_FOUND = 59
            NO_CHANNEL = 72
            SESSION_INVALID_CHAR = 73
            UST_EVENT_NOT_FOUND = 76
            UST_CONTEXT_EXIST = 77
            UST_CONTEXT_INVAL = 78
            NEED_ROOT_SESSIOND = 79
            TRACE_ALREADY_STARTED = 80
            TRACE_ALREADY_STOPPED = 81
            NEED_CHANNEL_NAME = 83
            INVALID = 97
            FILTER_INVAL = 106
            INVALID_CHANNEL_NAME = 113
            SESSION_NOT_STARTED = 118
            NOT_SNAPSHOT_SESSION = 124
            RELAYD_CONNECT_FAIL = 141
            """;

    @Test
    void hasTheNumbersOfLttng() {
        assertThat(Arrays.stream(LttngError.values()).map(each -> each + " = " + each.number()))
                .containsExactlyElementsOf(HEADER.lines().toList());
    }

    @Test
    void everyNumberIsReadBack() {
        for (LttngError error : LttngError.values()) {
            assertThat(LttngError.of(error.number())).isEqualTo(error);
        }
    }

    @Test
    void aRefusalWithAnUnknownNumberKeepsItsReason() throws ProtocolException {
        byte[] frame = new MessageWriter().number(2).number(170).text("later").toBytes();
        assertThat(Reply.decode(ByteBuffer.wrap(frame)))
                .isEqualTo(new Reply.Refused(LttngError.UNK, "later"));
    }
}
