// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import java.util.Optional;

/// How sessions of relays are looked at.
///
/// @param isFromBeginning whether what is there already is wanted
/// @param viewer whose place the relay remembers; empty for nobody
public record Watching(boolean isFromBeginning, Optional<String> viewer) {
    static final Watching DEFAULT = new Watching(false, Optional.empty());

    /// The same source for who looks at it in this way.
    Component of(Component source) {
        Component from = isFromBeginning ? LiveSource.fromBeginning(source) : source;
        return viewer.map(name -> LiveSource.as(from, name)).orElse(from);
    }

    /// Nothing else can be looked at in this way.
    void checkNoneIsWanted() throws UsageException {
        if (!equals(DEFAULT)) {
            throw new UsageException(
                    "%s is for sessions of relay daemons: net://HOST/host/TARGET/SESSION"
                            .formatted(isFromBeginning ? "--from-beginning" : "--as"));
        }
    }
}
