// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.tsdl.TsdlWriter;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.recorder.file.StateLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What a session's metadata declares after the preamble, in the order in which it came into being,
/// and the numbers that it gave. It only grows, and it is a file, so that a restarted daemon gives
/// the same numbers and writes the same text.
///
/// The file is a [StateLog], each record a row of items: one line of words, the last of which is
/// the length in bytes of the metadata text that follows. A record that a dying daemon has not
/// written whole was not used yet. Where one is damaged, nobody knows which numbers were given:
/// then the session cannot go on. Owned by the domain's thread.
final class Declarations {
    private static final int MOST_WORDS = 8;

    /// Bytes of items in a record, so that it stays below [StateLog#MAX_RECORD_BYTES] also when all
    /// of them must be escaped.
    private static final int RECORD_BYTES = StateLog.MAX_RECORD_BYTES / 4;

    private final Path file;
    private final StateLog log;
    private final List<Declared> events = new ArrayList<>();
    private final Map<String, Declared> byKey = new HashMap<>();
    private final Map<Integer, Integer> nextIds = new HashMap<>();
    private final StringBuilder body = new StringBuilder();
    private final List<String> unsaved = new ArrayList<>();
    private int firstChannel = -1;

    /// What a declared event class records.
    enum Kind {
        TRACEPOINT,
        SYSCALL_ENTRY,
        SYSCALL_EXIT,
        STATE_DUMP
    }

    /// One event class of one channel.
    ///
    /// @param name as in the trace, or of the system call
    /// @param source the tracepoint; for other kinds any
    record Declared(int channel, int id, Kind kind, KernelEvent source, String name) {
        String key() {
            return channel + " " + kind + " " + name;
        }
    }

    private Declarations(Path file) throws IOException {
        this.file = file;
        log = StateLog.open(file);
        if (!log.problem().isEmpty()) {
            throw new IOException("what its events are is not known: " + log.problem());
        }
        for (String record : log.records()) {
            load(record.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// @throws IOException also when the file is damaged
    static Declarations open(Path file) throws IOException {
        return new Declarations(file);
    }

    /// The metadata text without the preamble.
    String body() {
        return body.toString();
    }

    /// The channel declared first, which has the state dump; -1 when there is none.
    int firstChannel() {
        return firstChannel;
    }

    boolean hasChannel(int channel) {
        return nextIds.containsKey(channel);
    }

    Set<Integer> channels() {
        return Set.copyOf(nextIds.keySet());
    }

    List<Declared> of(int channel) {
        return events.stream().filter(event -> event.channel() == channel).toList();
    }

    Optional<Declared> find(int channel, Kind kind, String name) {
        return Optional.ofNullable(
                byKey.get(new Declared(channel, 0, kind, KernelEvent.SYS_ENTER, name).key()));
    }

    void stream(StreamClass stream) {
        int channel = (int) stream.id();
        String text = TsdlWriter.stream(stream);
        item("S " + channel, text);
        streamRead(channel, text);
    }

    /// Declares an event class, unless the channel has it.
    ///
    /// @param traceName what the metadata calls it
    void event(
            int channel,
            Kind kind,
            KernelEvent source,
            String name,
            String traceName,
            StructureClass fields) {
        if (find(channel, kind, name).isPresent()) {
            return;
        }
        int id = Objects.requireNonNull(nextIds.get(channel));
        var declared = new Declared(channel, id, kind, source, name);
        String text =
                TsdlWriter.event(
                        new EventClass(
                                id,
                                channel,
                                traceName,
                                EventClass.NO_LOG_LEVEL,
                                StructureClass.ABSENT,
                                fields));
        item(
                "E %d %d %s %s %s %s"
                        .formatted(channel, id, kind, source.system(), source.event(), name),
                text);
        eventRead(declared, text);
    }

    /// Makes what was declared since the last call outlive the daemon, before records use it.
    ///
    /// @return whether there was anything
    boolean save() throws IOException {
        if (unsaved.isEmpty()) {
            return false;
        }
        var record = new StringBuilder();
        for (String item : unsaved) {
            if (record.length() + item.length() > RECORD_BYTES && !record.isEmpty()) {
                log.append(record.toString());
                record.setLength(0);
            }
            record.append(item);
        }
        log.append(record.toString());
        unsaved.clear();
        return true;
    }

    private void item(String words, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        unsaved.add(words + " " + length + "\n" + text);
    }

    private void load(byte[] bytes) throws IOException {
        int whole = 0;
        while (whole < bytes.length) {
            int lineEnd = whole;
            while (lineEnd < bytes.length && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            String line = new String(bytes, whole, lineEnd - whole, StandardCharsets.UTF_8);
            String[] words = line.split(" ", MOST_WORDS + 1);
            String length = words[words.length - 1];
            if (lineEnd == bytes.length || !length.matches("\\d{1,8}")) {
                throw new IOException(file + ": item " + line);
            }
            int textEnd = lineEnd + 1 + Integer.parseInt(length);
            if (textEnd > bytes.length) {
                throw new IOException(file + ": item " + line + ", cut off");
            }
            String text =
                    new String(bytes, lineEnd + 1, textEnd - lineEnd - 1, StandardCharsets.UTF_8);
            read(words, text);
            whole = textEnd;
        }
    }

    private void read(String[] words, String text) throws IOException {
        try {
            int channel = Integer.parseInt(words[1]);
            if (words[0].equals("S") && words.length == 3) {
                streamRead(channel, text);
            } else if (words[0].equals("E") && words.length == MOST_WORDS) {
                var source = new KernelEvent(words[4], words[5]);
                int id = Integer.parseInt(words[2]);
                eventRead(
                        new Declared(channel, id, Kind.valueOf(words[3]), source, words[6]), text);
            } else {
                throw new IOException(file + ": item " + String.join(" ", words));
            }
        } catch (IllegalArgumentException damaged) {
            throw new IOException(file + ": item " + String.join(" ", words), damaged);
        }
    }

    private void streamRead(int channel, String text) {
        nextIds.putIfAbsent(channel, 0);
        firstChannel = firstChannel < 0 ? channel : firstChannel;
        body.append(text);
    }

    private void eventRead(Declared event, String text) {
        events.add(event);
        byKey.put(event.key(), event);
        nextIds.merge(event.channel(), event.id() + 1, Math::max);
        body.append(text);
    }
}
