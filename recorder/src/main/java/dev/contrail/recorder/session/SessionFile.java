// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.ClockClass;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/// What a restarted daemon must know of a session, as `key=value` lines; [SessionLog] keeps them.
public record SessionFile(
        long id,
        String name,
        SessionMode mode,
        String created,
        String output,
        long liveMicros,
        boolean isSynced,
        UUID seed,
        ClockClass clock,
        SessionState state,
        int nextChannelId,
        List<ChannelPlan> channels,
        List<SnapshotOutput> outputs,
        int nextOutputId,
        int nextSnapshot,
        int boots,
        String notice) {
    private static final int VERSION = 4;

    /// Rules had neither filters nor settings, channels no contexts.
    private static final int THIRD_VERSION = 3;

    /// Had no `live`: there were no sessions of that kind.
    private static final int SECOND_VERSION = 2;

    /// Had neither `boots` nor `notice`, and was a file of its own.
    static final int FIRST_VERSION = 1;

    private static final String VERSION_KEY = "version";
    private static final int MAX_ENTRIES = 100_000;

    /// The session after a restart of the machine.
    SessionFile afterBoot(ClockClass newClock, UUID newSeed, String newNotice) {
        return new SessionFile(
                id,
                name,
                mode,
                created,
                output,
                liveMicros,
                isSynced,
                newSeed,
                newClock,
                state,
                nextChannelId,
                channels,
                outputs,
                nextOutputId,
                nextSnapshot,
                boots + 1,
                newNotice);
    }

    /// All of it.
    String text() throws IOException {
        var out = new Properties();
        put(out, VERSION_KEY, VERSION);
        putOwn(out);
        for (int i = 0; i < channels.size(); i++) {
            putChannel(out, "channel." + i + ".", channels.get(i), Optional.empty());
        }
        for (int i = 0; i < outputs.size(); i++) {
            putOutput(out, "output." + i + ".", outputs.get(i));
        }
        return text(out);
    }

    /// The lines that tell it from an earlier state, and some more: a command with many rules
    /// changes the state once a rule.
    String changesSince(SessionFile earlier) throws IOException {
        var out = new Properties();
        putOwn(out);
        for (int i = 0; i < channels.size(); i++) {
            Optional<ChannelPlan> before =
                    i < earlier.channels.size()
                            ? Optional.of(earlier.channels.get(i))
                            : Optional.empty();
            putChannel(out, "channel." + i + ".", channels.get(i), before);
        }
        for (int i = 0; i < outputs.size(); i++) {
            putOutput(out, "output." + i + ".", outputs.get(i));
        }
        return text(out);
    }

    private void putOwn(Properties out) {
        put(out, "id", id);
        put(out, "name", name);
        put(out, "mode", mode);
        put(out, "created", created);
        put(out, "output", output);
        put(out, "live", liveMicros);
        put(out, "synced", isSynced);
        put(out, "seed", seed);
        put(out, "clock.uuid", clock.uuid());
        put(out, "clock.offset", clock.offsetTicks());
        put(out, "state", state);
        put(out, "next.channel", nextChannelId);
        put(out, "next.output", nextOutputId);
        put(out, "next.snapshot", nextSnapshot);
        put(out, "channels", channels.size());
        put(out, "outputs", outputs.size());
        put(out, "boots", boots);
        put(out, "notice", notice);
    }

    private static void putOutput(Properties out, String at, SnapshotOutput output) {
        put(out, at + "id", output.id());
        put(out, at + "name", output.name());
        put(out, at + "directory", output.directory());
        put(out, at + "max", output.maxBytes());
    }

    private static String text(Properties out) throws IOException {
        var text = new StringWriter();
        out.store(text, "A session of Contrail's session daemon");
        return text.toString();
    }

    /// The newest state in these records that can be read: each is a whole one, or the lines that
    /// have changed since the one before.
    ///
    /// @throws IOException when there is none
    public static SessionFile read(List<String> records) throws IOException {
        IOException why = new IOException("the session's state is empty");
        for (int end = records.size(); end > 0; end--) {
            try {
                return parse(upTo(records.subList(0, end)));
            } catch (IOException e) {
                why = e;
            }
        }
        throw why;
    }

    /// What the last of the records makes of those before.
    private static Properties upTo(List<String> records) throws IOException {
        List<Properties> newestFirst = new ArrayList<>();
        for (String record : records.reversed()) {
            Properties lines = lines(record);
            newestFirst.add(lines);
            if (lines.containsKey(VERSION_KEY)) {
                break;
            }
        }
        var all = new Properties();
        newestFirst.reversed().forEach(all::putAll);
        return all;
    }

    private static Properties lines(String record) throws IOException {
        var lines = new Properties();
        try {
            lines.load(new StringReader(record));
        } catch (IllegalArgumentException e) {
            throw new IOException("a session's state: " + e.getMessage(), e);
        }
        return lines;
    }

    /// The state that a daemon of the first version has left, which was a file of such lines.
    ///
    /// @return empty when the file is something else
    static Optional<SessionFile> ofFirstVersion(String text) throws IOException {
        Properties in;
        try {
            in = lines(text);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (!(FIRST_VERSION + "").equals(in.getProperty(VERSION_KEY))) {
            return Optional.empty();
        }
        put(in, VERSION_KEY, SECOND_VERSION);
        put(in, "boots", 1);
        put(in, "notice", "");
        return Optional.of(parse(in));
    }

    private static SessionFile parse(Properties in) throws IOException {
        try {
            long version = number(in, VERSION_KEY);
            if (version < SECOND_VERSION || version > VERSION) {
                throw new IOException("a session's state of version " + version);
            }
            if (version == SECOND_VERSION) {
                in.putIfAbsent("live", "0"); // changes of it may have been added since
                in.putIfAbsent("synced", "false");
            }
            boolean isOld = version <= THIRD_VERSION;
            var channels = new ArrayList<ChannelPlan>();
            for (int i = 0; i < count(in, "channels"); i++) {
                channels.add(channel(in, "channel." + i + ".", isOld));
            }
            var outputs = new ArrayList<SnapshotOutput>();
            for (int i = 0; i < count(in, "outputs"); i++) {
                String at = "output." + i + ".";
                outputs.add(
                        new SnapshotOutput(
                                (int) number(in, at + "id"),
                                text(in, at + "name"),
                                text(in, at + "directory"),
                                number(in, at + "max")));
            }
            return new SessionFile(
                    number(in, "id"),
                    text(in, "name"),
                    SessionMode.valueOf(text(in, "mode")),
                    text(in, "created"),
                    text(in, "output"),
                    number(in, "live"),
                    Boolean.parseBoolean(text(in, "synced")),
                    UUID.fromString(text(in, "seed")),
                    ClockClass.monotonic(text(in, "clock.uuid"), number(in, "clock.offset")),
                    SessionState.valueOf(text(in, "state")),
                    (int) number(in, "next.channel"),
                    channels,
                    outputs,
                    (int) number(in, "next.output"),
                    (int) number(in, "next.snapshot"),
                    (int) number(in, "boots"),
                    text(in, "notice"));
        } catch (IllegalArgumentException e) {
            throw new IOException("a session's state: " + e.getMessage(), e);
        }
    }

    private static void putChannel(
            Properties out, String at, ChannelPlan channel, Optional<ChannelPlan> before) {
        ChannelAttributes attributes = channel.attributes();
        put(out, at + "id", channel.id());
        put(out, at + "name", channel.name());
        put(out, at + "domain", channel.domain());
        put(out, at + "enabled", channel.isEnabled());
        put(out, at + "loss", attributes.lossMode());
        put(out, at + "size", attributes.subBufferBytes());
        put(out, at + "count", attributes.subBufferCount());
        put(out, at + "switch", attributes.switchTimerMicros());
        put(out, at + "read", attributes.readTimerMicros());
        put(out, at + "monitor", attributes.monitorTimerMicros());
        put(out, at + "file.size", attributes.traceFileBytes());
        put(out, at + "file.count", attributes.traceFileCount());
        put(out, at + "mode", attributes.output());
        putAll(out, at, "context", channel.contexts());
        put(out, at + "rules", channel.rules().size());
        List<EventRule> known = before.map(ChannelPlan::rules).orElse(List.of());
        for (int i = 0; i < channel.rules().size(); i++) {
            EventRule rule = channel.rules().get(i);
            if (i < known.size() && rule.equals(known.get(i))) {
                continue;
            }
            String of = at + "rule." + i + ".";
            put(out, of + "type", rule.type());
            put(out, of + "pattern", rule.pattern());
            put(out, of + "levels", rule.levels());
            put(out, of + "level", rule.level());
            put(out, of + "enabled", rule.isEnabled());
            put(out, of + "filter", rule.filter());
            putAll(out, of, "exclusion", rule.exclusions());
            putAll(out, of, "setting", rule.settings());
        }
    }

    private static void putAll(Properties out, String at, String what, List<String> words) {
        put(out, at + what + "s", words.size());
        for (int i = 0; i < words.size(); i++) {
            put(out, at + what + "." + i, words.get(i));
        }
    }

    private static List<String> all(Properties in, String at, String what) {
        var words = new ArrayList<String>();
        for (int i = 0; i < count(in, at + what + "s"); i++) {
            words.add(text(in, at + what + "." + i));
        }
        return words;
    }

    private static ChannelPlan channel(Properties in, String at, boolean isOld) {
        var attributes =
                new ChannelAttributes(
                        LossMode.valueOf(text(in, at + "loss")),
                        number(in, at + "size"),
                        (int) number(in, at + "count"),
                        number(in, at + "switch"),
                        number(in, at + "read"),
                        number(in, at + "monitor"),
                        number(in, at + "file.size"),
                        (int) number(in, at + "file.count"),
                        text(in, at + "mode"));
        if (isOld) {
            in.putIfAbsent(at + "contexts", "0");
        }
        var rules = new ArrayList<EventRule>();
        for (int i = 0; i < count(in, at + "rules"); i++) {
            String of = at + "rule." + i + ".";
            if (isOld) {
                in.putIfAbsent(of + "filter", ""); // changes of it may have been added since
                in.putIfAbsent(of + "settings", "0");
            }
            rules.add(
                    new EventRule(
                            PointType.valueOf(text(in, of + "type")),
                            text(in, of + "pattern"),
                            all(in, of, "exclusion"),
                            EventRule.LevelSelection.valueOf(text(in, of + "levels")),
                            (int) number(in, of + "level"),
                            text(in, of + "filter"),
                            all(in, of, "setting"),
                            Boolean.parseBoolean(text(in, of + "enabled"))));
        }
        return new ChannelPlan(
                (int) number(in, at + "id"),
                text(in, at + "name"),
                DomainName.valueOf(text(in, at + "domain")),
                attributes,
                Boolean.parseBoolean(text(in, at + "enabled")),
                all(in, at, "context"),
                rules);
    }

    private static void put(Properties out, String key, Object value) {
        out.setProperty(key, value.toString());
    }

    private static String text(Properties in, String key) {
        String value = in.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static long number(Properties in, String key) {
        return Long.parseLong(text(in, key));
    }

    private static int count(Properties in, String key) {
        long value = number(in, key);
        if (value < 0 || value > MAX_ENTRIES) {
            throw new IllegalArgumentException(key + "=" + value);
        }
        return (int) value;
    }
}
