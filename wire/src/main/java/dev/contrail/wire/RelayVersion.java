// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// A version of the protocols of LTTng's relay daemon: that of producers and that of viewers count
/// alike (`relay-protocol.md` section 3).
///
/// @param minor unsigned: a peer may say anything
public record RelayVersion(int major, int minor) {
    /// What our ends announce: the newest that there is.
    public static final RelayVersion OURS = new RelayVersion(2, 15);

    /// What a peer is taken to speak that has not said it yet.
    public static final RelayVersion UNSAID = new RelayVersion(2, 0);

    /// What both ends speak after the other one has announced `untrusted`: the older of the two.
    /// Another major version is another protocol, see [#isSpokenWith].
    public RelayVersion agreedWith(RelayVersion untrusted) {
        return isAtLeast(untrusted.minor) ? new RelayVersion(major, untrusted.minor) : this;
    }

    /// Whether two ends that announce these can speak with each other at all.
    public boolean isSpokenWith(RelayVersion untrusted) {
        return major == untrusted.major;
    }

    /// Whether what came with this minor version is known.
    public boolean isAtLeast(int wantedMinor) {
        return Integer.compareUnsigned(minor, wantedMinor) >= 0;
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(major) + "." + Integer.toUnsignedString(minor);
    }
}
