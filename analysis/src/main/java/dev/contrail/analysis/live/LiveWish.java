// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.RelayUrl.Watched;
import dev.contrail.wire.push.PushRequest.Seek;

/// Which session of a relay is to be seen, and how.
///
/// @param url that names a session
/// @param missing what to do where there is none
/// @param seek with what it begins
/// @param name of the viewer, whose place the relay is to remember; empty for none
/// @param mayHaveName whether who has none could have given one
record LiveWish(
        RelayUrl url, LiveSession.Missing missing, Seek seek, String name, boolean mayHaveName) {
    /// The same when it was there before: a viewer without a name goes on with what comes.
    LiveWish again() {
        Seek after = name.isEmpty() ? Seek.NOW : seek;
        return new LiveWish(url, LiveSession.Missing.FAIL, after, name, mayHaveName);
    }

    boolean isFromBeginning() {
        return seek == Seek.BEGINNING;
    }

    Watched watched() {
        return url.watched().orElseThrow();
    }
}
