// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import java.util.List;
import java.util.Optional;

/// Several feeds as one.
record AllFeeds(List<Feed> all) implements Feed {
    @Override
    public List<String> takeNotes() {
        return all.stream().flatMap(each -> each.takeNotes().stream()).toList();
    }

    @Override
    public long damaged() {
        return all.stream().mapToLong(Feed::damaged).sum();
    }

    @Override
    public boolean isEnded() {
        return all.stream().allMatch(Feed::isEnded);
    }

    @Override
    public Optional<Exception> failure() {
        return all.stream().map(Feed::failure).flatMap(Optional::stream).findFirst();
    }

    @Override
    public void close() {
        all.forEach(Feed::close);
    }
}
