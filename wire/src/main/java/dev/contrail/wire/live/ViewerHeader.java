// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What goes before a viewer's request: 16 bytes, big-endian, `u64` size of the body, `u32`
/// command, `u32` its version (`live-protocol.md` section 1).
///
/// @param untrustedBodyBytes what the viewer announces; [#bodyBytes] is what follows
/// @param number of the command
/// @param commandVersion 0 from real viewers; means nothing
public record ViewerHeader(long untrustedBodyBytes, int number, int commandVersion) {
    public static final int BYTES = 16;

    /// Takes a header out of a buffer.
    ///
    /// @throws ProtocolException when it is cut
    public static ViewerHeader decode(ByteBuffer untrusted) throws ProtocolException {
        Fields.need(untrusted, BYTES, "header of a viewer's command");
        return new ViewerHeader(untrusted.getLong(), untrusted.getInt(), untrusted.getInt());
    }

    /// Puts the header into a buffer.
    public void encode(ByteBuffer out) {
        out.putLong(untrustedBodyBytes).putInt(number).putInt(commandVersion);
    }

    /// The command, if there is one of that number.
    public Optional<ViewerCommand> command() {
        return ViewerCommand.of(number);
    }

    /// How many bytes follow: what the command always has. Trace Compass announces others than it
    /// sends.
    public int bodyBytes() {
        Optional<ViewerCommand> command = command();
        return command.isEmpty() ? 0 : command.get().bodyBytes();
    }
}
