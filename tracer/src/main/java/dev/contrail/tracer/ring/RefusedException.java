// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

/// A pool or an event class cannot be had; the message is a sentence for the user.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String reason) {
        super(reason);
    }
}
