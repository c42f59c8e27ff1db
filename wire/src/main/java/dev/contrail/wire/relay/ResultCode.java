// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

/// What became of a request: a number of LTTng's errors, where 10, not 0, says that all is well
/// (`relay-protocol.md` section 5). A relay may answer any number.
public record ResultCode(int number) {
    public static final ResultCode OK = new ResultCode(10);

    /// Anything that has no number of its own; also an unknown command.
    public static final ResultCode UNKNOWN = new ResultCode(11);

    /// The session is refused.
    public static final ResultCode FATAL = new ResultCode(25);

    /// No memory; there is no such trace chunk.
    public static final ResultCode NO_MEMORY = new ResultCode(26);

    public static final ResultCode INVALID = new ResultCode(97);

    /// The command is known, but not now, or not with this parameter.
    public static final ResultCode PROTOCOL = new ResultCode(152);

    public static final ResultCode FILE_CREATION = new ResultCode(153);

    static ResultCode of(int untrustedNumber) {
        return untrustedNumber == OK.number ? OK : new ResultCode(untrustedNumber);
    }

    public boolean isOk() {
        return number == OK.number;
    }
}
