// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What goes before a request on the control connection: 24 bytes, big-endian, `u64` circuit id,
/// `u64` size of the payload, `u32` command, `u32` its version (`relay-protocol.md` section 2).
///
/// A receiver reads [#keptBytes] of the payload, decodes them, and skips [#skippedBytes].
///
/// @param circuitId 0 from real producers; means nothing
/// @param payloadBytes that follow, at most [#MAX_PAYLOAD_BYTES]
/// @param number of the command
/// @param commandVersion 0 from real producers; means nothing
public record CommandHeader(long circuitId, long payloadBytes, int number, int commandVersion) {
    public static final int BYTES = 24;

    /// The real relay closes the connection of who announces more.
    public static final int MAX_PAYLOAD_BYTES = Fields.MAX_MESSAGE_BYTES;

    /// Takes a header out of a buffer.
    ///
    /// @throws ProtocolException when it is cut, or announces too long a payload
    public static CommandHeader decode(ByteBuffer untrusted) throws ProtocolException {
        Fields.need(untrusted, BYTES, "header of a command");
        long circuitId = untrusted.getLong();
        long payloadBytes = untrusted.getLong();
        int number = untrusted.getInt();
        if (payloadBytes < 0 || payloadBytes > MAX_PAYLOAD_BYTES) {
            throw new ProtocolException(
                    "command %s announces %s bytes, want at most %d"
                            .formatted(
                                    name(number),
                                    Long.toUnsignedString(payloadBytes),
                                    MAX_PAYLOAD_BYTES));
        }
        return new CommandHeader(circuitId, payloadBytes, number, untrusted.getInt());
    }

    /// Puts the header of a request of ours into a buffer.
    static void encode(ByteBuffer out, RelayCommand command, int payloadBytes) {
        out.putLong(0).putLong(payloadBytes).putInt(command.number()).putInt(0);
    }

    /// Puts the header into a buffer.
    public void encode(ByteBuffer out) {
        out.putLong(circuitId).putLong(payloadBytes).putInt(number).putInt(commandVersion);
    }

    /// The command, if there is one of that number.
    public Optional<RelayCommand> command() {
        return RelayCommand.of(number);
    }

    /// How much of the payload is to be read and decoded.
    public int keptBytes() {
        Optional<RelayCommand> command = command();
        return command.isEmpty()
                ? 0
                : (int) Math.min(payloadBytes, command.get().mostPayloadBytes());
    }

    /// How much of the payload follows that means nothing.
    public long skippedBytes() {
        return payloadBytes - keptBytes();
    }

    /// Its command's name or number, for messages.
    String name() {
        return name(number);
    }

    private static String name(int number) {
        Optional<RelayCommand> command = RelayCommand.of(number);
        return command.isEmpty() ? Integer.toUnsignedString(number) : command.get().name();
    }
}
