// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushRequest.Seek;
import java.io.IOException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Sessions of relay daemons, `source.ctf.lttng-live`: as babeltrace2's, `inputs` has one URL, and
/// `session-not-found-action` says `continue`, `fail` or `end`. Besides, `from-beginning` says
/// whether what is there already is wanted, and `viewer-name` is that of a viewer whose place a
/// relay of ours remembers, and `with-state` says whether, of what is there already, such a relay
/// is to send state dumps; `reconnect`, whether it is tried for a minute where such a relay that
/// was there goes away.
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
    public static final List<String> PARAMETERS =
            List.of(
                    "inputs",
                    "session-not-found-action",
                    "from-beginning",
                    "viewer-name",
                    "with-state",
                    "reconnect");

    private static final String MISSING = "session-not-found-action";
    private static final String FROM_BEGINNING = "from-beginning";
    private static final String NAME_OF_VIEWER = "viewer-name";
    private static final String WITH_STATE = "with-state";
    private static final String LASTING = "reconnect";

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

    /// The same source for a viewer that wants what is there already.
    public static Component fromBeginning(Component source) {
        return source.with(Map.of(FROM_BEGINNING, true));
    }

    /// The same source for a viewer to whom it is an error that there is no such session.
    public static Component existing(Component source) {
        return source.with(Map.of(MISSING, "fail"));
    }

    /// The same source for a viewer that wants to know what there is when it begins.
    public static Component withState(Component source) {
        return source.with(Map.of(WITH_STATE, true));
    }

    /// The same source for a viewer that has a name.
    public static Component as(Component source, String viewer) {
        return source.with(Map.of(NAME_OF_VIEWER, viewer));
    }

    /// The same source for a viewer whose user may give it a name: it is said what that is for.
    public static Component nameable(Component source) {
        return isNamed(source) ? source : as(source, "");
    }

    /// The same source for a viewer that waits a while for a relay of ours that was there before.
    public static Component lasting(Component source) {
        return source.with(Map.of(LASTING, true));
    }

    /// The same components, those of this class changed.
    public static List<Component> changed(
            List<Component> components, UnaryOperator<Component> change) {
        return components.stream()
                .map(each -> each.className().equals(NAME) ? change.apply(each) : each)
                .toList();
    }

    /// Whether a component of this class is for a viewer that has a name.
    public static boolean isNamed(Component source) {
        return !source.parameters().getOrDefault(NAME_OF_VIEWER, "").equals("");
    }

    /// Whether a component of this class is to list the sessions that there are: its URL names
    /// none.
    public static boolean isList(Component source) throws UsageException {
        return url(source).path().isEmpty();
    }

    /// The sessions that a relay has, a line each, in babeltrace2's words: those of equal names
    /// once, and those that have ended only where no other has their name.
    public static List<String> list(Component source) throws IOException, UsageException {
        return list(source, true);
    }

    /// The sessions that a relay has, as [#list] gives them.
    ///
    /// @param isWithEnded whether those are wanted that nothing more comes of
    public static List<String> list(Component source, boolean isWithEnded)
            throws IOException, UsageException {
        RelayUrl url = url(source);
        try (LiveLink relay = LiveLink.open(url, SILENCE_MILLIS)) {
            String place = url.scheme().name().toLowerCase(Locale.ROOT) + "://" + relay.name();
            return SessionList.of(relay).lines(place, isWithEnded);
        }
    }

    /// What babeltrace2's query object `sessions` tells of a relay: the sessions that are recorded.
    ///
    /// @param url of the relay
    public static List<Map<String, Object>> sessions(String url)
            throws IOException, UsageException {
        RelayUrl at = url(of(url));
        try (LiveLink relay = LiveLink.open(at, SILENCE_MILLIS)) {
            String scheme = at.scheme().name().toLowerCase(Locale.ROOT);
            String host = at.host().contains(":") ? "[" + at.host() + "]" : at.host();
            String port = at.port() == 0 ? "" : ":" + at.port();
            return SessionList.of(relay).recorded(scheme + "://" + host + port);
        }
    }

    /// Connects, and attaches the session.
    ///
    /// @throws IOException when the relay cannot be reached, or does not let the viewer in
    public static LiveSession open(Component source) throws IOException, UsageException {
        return open(wish(source), SILENCE_MILLIS, source.isSet(LASTING, false));
    }

    /// As [#open(Component)], over another network, by another clock.
    public static LiveSession open(Component source, Network network, TimeSource clock)
            throws IOException, UsageException {
        LiveWish wish = wish(source);
        LiveLink link = LiveLink.open(wish.url(), SILENCE_MILLIS, network, clock);
        return open(wish, link, source.isSet(LASTING, false));
    }

    private static LiveWish wish(Component source) throws UsageException {
        RelayUrl url = url(source);
        if (url.watched().isEmpty()) {
            throw new UsageException(
                    "%s: %s names no session, want net://HOST[:PORT]/host/TARGET/SESSION"
                            .formatted(source.className(), RelayUrl.shown(input(source))));
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
        String name = source.text(NAME_OF_VIEWER, "");
        boolean mayHaveName = source.parameters().containsKey(NAME_OF_VIEWER);
        return new LiveWish(url, missing, seek(source), name, mayHaveName);
    }

    private static Seek seek(Component source) throws UsageException {
        return source.isSet(FROM_BEGINNING, false)
                ? Seek.BEGINNING
                : source.isSet(WITH_STATE, false) ? Seek.NOW_AND_STATE : Seek.NOW;
    }

    /// Connects, and watches the session if it is there.
    ///
    /// @param silenceMillis how long the relay may say nothing
    /// @param isLasting whether it is connected again where a relay of ours was away
    /// @throws IOException when it is not there and should be, or cannot be watched
    static LiveSession open(LiveWish wish, int silenceMillis, boolean isLasting)
            throws IOException {
        return open(wish, LiveLink.open(wish.url(), silenceMillis), isLasting);
    }

    private static LiveSession open(LiveWish wish, LiveLink link, boolean isLasting)
            throws IOException {
        try {
            if (!link.isPushed()) {
                return PolledSession.open(wish, link);
            }
            return isLasting
                    ? LastingSession.open(wish, link)
                    : PushedSession.open(wish, link, new ReceivedPackets());
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private static RelayUrl url(Component source) throws UsageException {
        source.allow(Set.copyOf(PARAMETERS));
        String input = input(source);
        try {
            return RelayUrl.parseLive(input);
        } catch (ParseException e) {
            throw new UsageException(
                    "%s: %s, want net://HOST[:PORT]/host/TARGET/SESSION, or net://HOST[:PORT] for a list of the sessions there"
                            .formatted(RelayUrl.shown(input), e.getMessage()));
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
