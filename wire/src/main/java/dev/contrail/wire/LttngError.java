// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why a request is refused: the errors of lttng-tools 2.13 (`include/lttng/lttng-error.h`, names
/// without `LTTNG_ERR_`) that we answer with. Scripts compare the numbers, as exit statuses.
public enum LttngError {
    /// Anything that has no number of its own.
    UNK(11, "Unknown error"),
    CREATE_DIR_FAIL(17, "Create directory failed"),
    NO_SESSIOND(19, "No session daemon is available"),
    SESS_NOT_FOUND(23, "Session name not found"),
    NOMEM(26, "Not enough memory"),
    EXIST_SESS(28, "Session name already exists"),
    NO_EVENT(29, "Event not found"),
    SNAPSHOT_OUTPUT_EXIST(31, "Snapshot output already exists"),
    KERN_NA(33, "Kernel tracer not available"),
    KERN_CHAN_EXIST(37, "Kernel channel already exist"),
    KERN_CHAN_FAIL(38, "Kernel create channel failed"),
    KERN_CONTEXT_FAIL(42, "Add kernel context failed"),
    KERN_ENABLE_FAIL(43, "Enable kernel event failed"),
    START_SESSION_ONCE(50, "Session needs to be started once"),
    SNAPSHOT_FAIL(51, "Snapshot record failed"),
    UST_EVENT_ENABLED(55, "UST event already enabled"),
    UST_CHAN_EXIST(57, "UST channel already exist"),
    UST_CHAN_NOT_FOUND(59, "UST channel not found"),
    NO_CHANNEL(72, "No channel found in the session"),
    SESSION_INVALID_CHAR(73, "Invalid character found in session name"),
    UST_EVENT_NOT_FOUND(76, "UST event not found"),
    UST_CONTEXT_EXIST(77, "UST context already exist"),
    UST_CONTEXT_INVAL(78, "UST invalid context"),
    NEED_ROOT_SESSIOND(
            79,
            "Tracing the kernel requires a root lttng-sessiond daemon, as well as \"tracing\" group"
                    + " membership or root user ID for the lttng client"),
    TRACE_ALREADY_STARTED(80, "Tracing has already been started once"),
    TRACE_ALREADY_STOPPED(81, "Tracing has already been stopped"),
    NEED_CHANNEL_NAME(
            83,
            "Non-default channel exists within session: channel name needs to be specified with"
                    + " '-c name'"),
    INVALID(97, "Invalid parameter"),
    FILTER_INVAL(106, "Invalid filter bytecode"),
    INVALID_CHANNEL_NAME(113, "Invalid channel name"),
    SESSION_NOT_STARTED(118, "Session not started"),
    NOT_SNAPSHOT_SESSION(124, "Snapshot command can't be applied to a non-snapshot session"),
    RELAYD_CONNECT_FAIL(141, "Unable to connect to lttng-relayd");

    private static final Map<Integer, LttngError> BY_NUMBER =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(LttngError::number, Function.identity()));

    private final int number;
    private final String text;

    LttngError(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /// The error with that number; [#UNK] for one that this program does not know, which still has
    /// its reason in words.
    public static LttngError of(int untrustedNumber) {
        return BY_NUMBER.getOrDefault(untrustedNumber, UNK);
    }

    /// LTTng's number of it, which commands exit with.
    public int number() {
        return number;
    }

    /// What LTTng says, without a full stop; a refusal may say more.
    public String text() {
        return text;
    }
}
