// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Sessions of relay daemons, `source.ctf.lttng-live`: as babeltrace2's, `inputs` has one URL, and
/// `session-not-found-action` says `continue`, `fail` or `end`.
///
/// ```java
/// Component source = LiveSource.of("net://localhost/host/web1/auto");
/// try (LiveSession session = LiveSource.open(source)) {
///     session.takeStreams().forEach(each -> System.out.println(each.name()));
/// }
/// ```
public final class LiveSource {
    public static final String NAME = "source.ctf.lttng-live";

    /// The names of its parameters.
    public static final List<String> PARAMETERS = List.of("inputs", "session-not-found-action");

    private static final String MISSING = "session-not-found-action";

    /// How long a relay may say nothing: the real one serves its viewers one after the other, and
    /// one that is slow holds up the others.
    private static final int SILENCE_MILLIS = 30_000;

    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

    private LiveSource() {}

    /// Whether what a user names is the address of something, and no path.
    public static boolean isAddress(String named) {
        return ADDRESS.matcher(named).matches();
    }

    /// The component that reads an address which stands where a path may, as babeltrace2's command
    /// line has it: no session of that name is the end of one.
    public static Component of(String url) {
        return new Component(NAME, Map.of("inputs", List.of(url), MISSING, "end"));
    }

    /// Whether a component of this class is to list the sessions that there are: its URL names
    /// none.
    public static boolean isList(Component source) throws UsageException {
        return url(source).path().isEmpty();
    }

    /// The sessions that a relay has, a line each, in babeltrace2's words: those of equal names
    /// once.
    public static List<String> list(Component source) throws IOException, UsageException {
        RelayUrl url = url(source);
        try (ViewerConnection relay =
                ViewerConnection.open(
                        url, KnownRelays.ofUser(System.getenv()).network(url), SILENCE_MILLIS)) {
            var lines = new LinkedHashMap<String, long[]>();
            for (SessionEntry each :
                    relay.ask(new ViewerRequest.ListSessions(), ViewerReply.SessionList.class)
                            .sessions()) {
                long[] counts =
                        lines.computeIfAbsent(
                                each.host() + "/" + each.name(),
                                _ -> new long[] {each.liveTimerMicros(), 0, 0});
                counts[1] += each.streams();
                counts[2] = Math.max(counts[2], each.viewers());
            }
            String place = url.scheme().name().toLowerCase(Locale.ROOT) + "://" + relay.name();
            return lines.entrySet().stream()
                    .map(each ->
                            "%s/host/%s (timer = %d, %d stream(s), %d client(s) connected)"
                                    .formatted(
                                            place,
                                            each.getKey(),
                                            each.getValue()[0],
                                            each.getValue()[1],
                                            each.getValue()[2]))
                    .toList();
        }
    }

    /// Connects, and attaches the session.
    ///
    /// @throws IOException when the relay cannot be reached, or does not let the viewer in
    public static LiveSession open(Component source) throws IOException, UsageException {
        RelayUrl url = url(source);
        if (url.watched().isEmpty()) {
            throw new UsageException(
                    "%s: %s names no session, want net://HOST[:PORT]/host/TARGET/SESSION"
                            .formatted(source.className(), input(source)));
        }
        String action = source.text(MISSING, "continue");
        LiveSession.Missing missing =
                Arrays.stream(LiveSession.Missing.values())
                        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(action))
                        .findAny()
                        .orElseThrow(() ->
                                new UsageException(
                                        "Parameter `%s` of %s: want continue, fail or end, got %s"
                                                .formatted(MISSING, source.className(), action)));
        return LiveSession.open(url, missing, SILENCE_MILLIS);
    }

    private static RelayUrl url(Component source) throws UsageException {
        source.allow(Set.copyOf(PARAMETERS));
        String input = input(source);
        try {
            return RelayUrl.parseLive(input);
        } catch (ParseException e) {
            throw new UsageException(
                    "%s: %s (want net://HOST[:PORT]/host/TARGET/SESSION, or net://HOST[:PORT] for a list of the sessions there)"
                            .formatted(input, e.getMessage()));
        }
    }

    private static String input(Component source) throws UsageException {
        if (source.parameters().get("inputs") instanceof List<?> inputs && inputs.size() == 1) {
            return inputs.getFirst().toString();
        }
        throw new UsageException(
                "Parameter `inputs` of %s: want a list of one URL".formatted(source.className()));
    }
}
