// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

/// Whether a thread is in the tracer's own code, as far as nothing else says so: see [ThreadSlot].
/// Owned by that thread. Public because generated classes set it.
public class OwnCode {
    /// Of nobody; what it says is never asked for.
    static final OwnCode NOBODYS = new OwnCode();

    /// Who sets it puts back what was there.
    public boolean isInside;

    OwnCode() {}
}
