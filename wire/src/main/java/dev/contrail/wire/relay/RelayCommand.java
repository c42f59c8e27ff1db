// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The commands of the control connection (`relay-protocol.md` section 4). The numbers 4, 12, 14
/// and 15 have names in LTTng, but no relay has ever carried them out: they are unknown commands.
public enum RelayCommand {
    ADD_STREAM(1, RelayLayout.ADD_STREAM_2_2),
    CREATE_SESSION(2, RelayLayout.CREATE_SESSION_2_15 + 3 * Fields.MAX_PATH_BYTES),
    START_DATA(3, 0),
    VERSION(5, RelayLayout.VERSION),
    /// Is not answered.
    SEND_METADATA(6, Fields.MAX_MESSAGE_BYTES),
    CLOSE_STREAM(7, RelayLayout.TWO_NUMBERS),
    DATA_PENDING(8, RelayLayout.TWO_NUMBERS),
    QUIESCENT_CONTROL(9, RelayLayout.ONE_NUMBER),
    BEGIN_DATA_PENDING(10, RelayLayout.ONE_NUMBER),
    END_DATA_PENDING(11, RelayLayout.ONE_NUMBER),
    SEND_INDEX(13, RelayLayout.SEND_INDEX_2_8),
    STREAMS_SENT(16, 0),
    RESET_METADATA(17, RelayLayout.TWO_NUMBERS),
    ROTATE_STREAMS(18, RelayLayout.ROTATE_STREAMS_MOST),
    CREATE_TRACE_CHUNK(19, RelayLayout.CREATE_TRACE_CHUNK + Fields.MAX_PATH_BYTES),
    CLOSE_TRACE_CHUNK(20, RelayLayout.CLOSE_TRACE_CHUNK),
    TRACE_CHUNK_EXISTS(21, RelayLayout.ONE_NUMBER),
    GET_CONFIGURATION(22, RelayLayout.ONE_NUMBER),
    /// This and those below are our own (`relay-extension.md`).
    RESUME_STREAM(
            RelayCommand.FIRST_EXTENDED,
            RelayLayout.ADD_STREAM_2_11 + RelayLayout.CHANNEL_NAME + RelayLayout.STREAM_PATH_2_11),
    /// Is not answered.
    SEND_PACKET(RelayCommand.FIRST_EXTENDED + 1, Fields.MAX_MESSAGE_BYTES),
    /// Is not answered.
    SEND_MARKED_METADATA(RelayCommand.FIRST_EXTENDED + 2, Fields.MAX_MESSAGE_BYTES),
    COMMIT(RelayCommand.FIRST_EXTENDED + 3, 0);

    private static final int FIRST_EXTENDED = 0x43540001;

    private static final int MAX_NUMBER = 22;

    private static final List<Optional<RelayCommand>> BY_NUMBER =
            IntStream.rangeClosed(0, MAX_NUMBER)
                    .mapToObj(number ->
                            Arrays.stream(values()).filter(each -> each.number == number).findAny())
                    .toList();

    private static final List<Optional<RelayCommand>> EXTENDED =
            Arrays.stream(values())
                    .filter(each -> each.number >= FIRST_EXTENDED)
                    .map(Optional::of)
                    .toList();

    private final int number;
    private final int mostPayloadBytes;

    RelayCommand(int number, int mostPayloadBytes) {
        this.number = number;
        this.mostPayloadBytes = mostPayloadBytes;
    }

    /// The command of that number, if there is one.
    public static Optional<RelayCommand> of(int untrustedNumber) {
        int extended = untrustedNumber - FIRST_EXTENDED;
        if (extended >= 0 && extended < EXTENDED.size()) {
            return EXTENDED.get(extended);
        }
        return untrustedNumber >= 0 && untrustedNumber <= MAX_NUMBER
                ? BY_NUMBER.get(untrustedNumber)
                : Optional.empty();
    }

    /// What stands for it in a [CommandHeader].
    public int number() {
        return number;
    }

    /// How much of its payload can mean something, in any version. What a peer sends beyond that is
    /// to be skipped, and need not be held.
    public int mostPayloadBytes() {
        return mostPayloadBytes;
    }

    /// How long the structure is that begins its payload; counted names, positions and metadata
    /// follow.
    int structureBytes(RelayVersion version) {
        return switch (this) {
            case CREATE_SESSION -> createSessionBytes(version);
            case ADD_STREAM -> addStreamBytes(version);
            case SEND_INDEX ->
                    version.isAtLeast(8) ? RelayLayout.SEND_INDEX_2_8 : RelayLayout.SEND_INDEX_2_4;
            case SEND_METADATA -> RelayLayout.SEND_METADATA;
            case ROTATE_STREAMS -> RelayLayout.ROTATE_STREAMS;
            case CREATE_TRACE_CHUNK -> RelayLayout.CREATE_TRACE_CHUNK;
            case RESUME_STREAM -> RelayLayout.ADD_STREAM_2_11;
            case SEND_PACKET -> RelayLayout.SEND_PACKET;
            case SEND_MARKED_METADATA -> RelayLayout.SEND_MARKED_METADATA;
            case START_DATA,
                    VERSION,
                    CLOSE_STREAM,
                    DATA_PENDING,
                    QUIESCENT_CONTROL,
                    BEGIN_DATA_PENDING,
                    END_DATA_PENDING,
                    STREAMS_SENT,
                    RESET_METADATA,
                    CLOSE_TRACE_CHUNK,
                    TRACE_CHUNK_EXISTS,
                    GET_CONFIGURATION,
                    COMMIT ->
                    mostPayloadBytes;
        };
    }

    private static int createSessionBytes(RelayVersion version) {
        if (version.isAtLeast(15)) {
            return RelayLayout.CREATE_SESSION_2_15;
        }
        if (version.isAtLeast(11)) {
            return RelayLayout.CREATE_SESSION_2_11;
        }
        return version.isAtLeast(4) ? RelayLayout.CREATE_SESSION_2_4 : 0;
    }

    private static int addStreamBytes(RelayVersion version) {
        if (version.isAtLeast(11)) {
            return RelayLayout.ADD_STREAM_2_11;
        }
        return version.isAtLeast(2) ? RelayLayout.ADD_STREAM_2_2 : RelayLayout.ADD_STREAM_2_1;
    }

    /// Whether the relay answers it.
    public boolean hasReply() {
        return this != SEND_METADATA && this != SEND_PACKET && this != SEND_MARKED_METADATA;
    }
}
