// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.stream.DataStream;
import dev.contrail.wire.CString;

/// What tells a stream of a session from all its others also after the relay has been restarted.
///
/// @param path directory, as its producer said it
/// @param generation how many traces have had that directory before
record PlaceKey(CString path, int generation, CString channel) {
    static PlaceKey of(DataStream stream) {
        return new PlaceKey(
                stream.group().path(), stream.group().generation(), stream.channelName());
    }
}
