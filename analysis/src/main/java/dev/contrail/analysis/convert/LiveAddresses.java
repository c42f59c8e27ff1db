// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import java.io.IOException;
import java.util.List;

/// The live sessions that a relay has.
public final class LiveAddresses {
    private LiveAddresses() {}

    /// The component that reads an address of live sessions, with what there was before, waits a
    /// while for a relay that goes away, and fails where there is no such session.
    public static Component of(String url) {
        return LiveSource.lasting(LiveSource.withState(LiveSource.existing(LiveSource.of(url))));
    }

    /// Whether an address means all sessions of a relay.
    public static boolean isWhole(String url) throws UsageException {
        return LiveSource.isList(LiveSource.of(url));
    }

    /// The addresses of the sessions that a relay is sent now; the address itself if it names one.
    ///
    /// @throws IOException when the relay cannot be reached
    public static List<String> recorded(String url) throws IOException, UsageException {
        return meant(url, false);
    }

    /// The addresses that a user means: the address itself if it names a session, otherwise those
    /// of all sessions that the relay there has now.
    ///
    /// @throws IOException when the relay cannot be reached
    public static List<String> meant(String url) throws IOException, UsageException {
        return meant(url, true);
    }

    private static List<String> meant(String url, boolean isWithEnded)
            throws IOException, UsageException {
        Component source = LiveSource.of(url);
        if (!LiveSource.isList(source)) {
            return List.of(url);
        }
        return LiveSource.list(source, isWithEnded).stream()
                .map(line -> line.substring(0, line.indexOf(" (timer")))
                .toList();
    }

    /// The component that reads what a relay has of a session from its beginning, waits a while for
    /// a relay that goes away, and fails where there is no such session.
    public static Component fromBeginning(String url) {
        return LiveSource.lasting(
                LiveSource.fromBeginning(LiveSource.existing(LiveSource.of(url))));
    }
}
