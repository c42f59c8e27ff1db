// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.RelayUrl.Watched;

/// Which session of a relay is to be seen, and how.
///
/// @param url that names a session
/// @param missing what to do where there is none
/// @param isFromBeginning whether with all that is there, or what comes from now on
/// @param name of the viewer, whose place the relay is to remember; empty for none
record LiveWish(RelayUrl url, LiveSession.Missing missing, boolean isFromBeginning, String name) {
    Watched watched() {
        return url.watched().orElseThrow();
    }
}
