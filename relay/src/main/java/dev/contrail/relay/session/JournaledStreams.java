// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The streams of a session with a journal that an earlier relay, or an earlier connection, has
/// stored something of: their producer goes on with them, or viewers are shown what there is.
///
/// Guarded by the session's lock.
final class JournaledStreams {
    private final Resumption resumption;
    private final SessionStreams streams;
    private final Path directory;

    /// Those of the journal that are there again.
    private final Set<JournalEntry.Key> begun = new HashSet<>();

    /// @param directory the session's, for messages
    JournaledStreams(Resumption resumption, SessionStreams streams, Path directory) {
        this.resumption = resumption;
        this.streams = streams;
        this.directory = directory;
    }

    /// What says in the journal how far they are stored.
    Resumption resumption() {
        return resumption;
    }

    /// Goes on with a stream, or adds it.
    ///
    /// @param chunk the present one
    StoredStream resume(AddStream asked, @Nullable TraceChunk chunk) throws Refusal {
        var open = streams.open(asked.path(), asked.channelName());
        if (open.isPresent()) {
            return open.get();
        }
        var key = new JournalEntry.Key(asked.path().toString(), asked.channelName().toString());
        boolean isShown = !begun.add(key);
        StoredStream added = streams.add(asked, chunk, resumption.of(key), resumption.isSynced());
        if (isShown && added instanceof DataStream data) {
            data.goesOnFromHere();
        }
        return added;
    }

    /// Shows what the journal has of streams that their producer does not go on with: that of
    /// others is shown when it does, or at the end.
    void show(Predicate<JournalEntry> which, TraceChunk chunk) {
        for (JournalEntry each : resumption.all()) {
            if (!which.test(each) || begun.contains(each.key()) || !each.isData()) {
                continue;
            }
            try {
                show(each, chunk);
            } catch (IOException | Refusal | RuntimeException e) { // it says what cannot be
                RelayLog.warn(
                        "viewers cannot read %s of %s: %s"
                                .formatted(each.key(), directory, Reason.of(e)));
            }
        }
        streams.publish();
    }

    /// Nothing more comes in this process.
    void end() {
        if (resumption.isComplete()) {
            return;
        }
        try (resumption) {
            resumption.commit();
        } catch (IOException e) {
            RelayLog.failed("journal of " + directory, e);
        }
    }

    private void show(JournalEntry stored, TraceChunk chunk) throws IOException, Refusal {
        CString path = CString.of(stored.key().path());
        CString channel = CString.of(stored.key().channel());
        Path file = streams.file(path, channel);
        long files = numberedFiles(chunk, file);
        if ((files > 0 || chunk.has(file)) && chunk.has(file.resolveSibling("metadata"))) {
            resume(asked(path, CString.of("metadata"), 0), chunk);
            StoredStream ended = resume(asked(path, channel, files), chunk);
            ended.end();
            if (streams.remove(ended)) {
                resumption.closed(ended);
            }
        } else {
            RelayLog.debug(
                    "a stream of %s, or what declares it, is gone: %s"
                            .formatted(directory, stored.key()));
        }
    }

    /// What its producer once said of it.
    ///
    /// @param files among which it is distributed; 0 for one without a limit
    private static AddStream asked(CString path, CString channel, long files) {
        return new AddStream(channel, path, files == 0 ? 0 : 1, files, 0);
    }

    /// How many files a stream has that has a limit; 0 when it has none.
    ///
    /// @param file its name without a number, below the chunk's directory
    private static long numberedFiles(TraceChunk chunk, Path file) throws IOException {
        if (chunk.has(file)) {
            return 0;
        }
        var name = Pattern.compile(Pattern.quote(file.getFileName() + "_") + "(\\d{1,18})");
        return chunk.open(
                file,
                path -> {
                    try (var beside = Files.list(StoredFiles.parent(path))) {
                        return beside.map(each -> name.matcher(String.valueOf(each.getFileName())))
                                .filter(Matcher::matches)
                                .mapToLong(each -> Long.parseLong(each.group(1)) + 1)
                                .max()
                                .orElse(0);
                    }
                });
    }
}
