// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.request;

import dev.contrail.wire.relay.ResultCode;

/// A producer's request that is not carried out, with the code that it is answered.
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ResultCode code;
    private final boolean endsConnection;

    private Refusal(ResultCode code, boolean endsConnection, String message) {
        super(message, null, false, false);
        this.code = code;
        this.endsConnection = endsConnection;
    }

    /// The producer may go on with something else.
    public static Refusal of(ResultCode code, String message) {
        return new Refusal(code, false, message);
    }

    /// The connection ends after the answer.
    public static Refusal ending(ResultCode code, String message) {
        return new Refusal(code, true, message);
    }

    public ResultCode code() {
        return code;
    }

    public boolean endsConnection() {
        return endsConnection;
    }
}
