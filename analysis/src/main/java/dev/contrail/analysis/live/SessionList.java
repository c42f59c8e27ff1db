// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessage.SessionLine;
import dev.contrail.wire.push.PushRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sessions that a relay has, by host and name.
final class SessionList {
    private static final class Line {
        private final long liveTimerMicros;
        private long streams;
        private long viewers;

        Line(long liveTimerMicros) {
            this.liveTimerMicros = liveTimerMicros;
        }

        void add(long moreStreams, long itsViewers) {
            streams += moreStreams;
            viewers = Math.max(viewers, itsViewers);
        }
    }

    private final Map<String, Line> recorded = new LinkedHashMap<>();
    private final Map<String, Line> ended = new LinkedHashMap<>();

    private SessionList() {}

    /// Asks a relay.
    static SessionList of(LiveLink relay) throws IOException {
        var list = new SessionList();
        if (!relay.isPushed()) {
            for (SessionEntry each :
                    relay.ask(new ViewerRequest.ListSessions(), ViewerReply.SessionList.class)
                            .sessions()) {
                add(
                        list.recorded,
                        each.host() + "/" + each.name(),
                        each.liveTimerMicros(),
                        each.streams(),
                        each.viewers());
            }
            return list;
        }
        relay.say(new PushRequest.ListSessions());
        Optional<PushMessage> answer = Optional.empty();
        while (answer.isEmpty() || !(answer.get() instanceof PushMessage.Sessions)) {
            answer = relay.hear(Long.MAX_VALUE);
        }
        for (SessionLine each : ((PushMessage.Sessions) answer.get()).sessions()) {
            add(
                    each.state() == PushMessage.State.ENDED ? list.ended : list.recorded,
                    each.host() + "/" + each.name(),
                    each.liveTimerMicros(),
                    each.streams(),
                    each.viewers());
        }
        return list;
    }

    private static void add(
            Map<String, Line> lines, String name, long timer, long streams, long viewers) {
        lines.computeIfAbsent(name, _ -> new Line(timer)).add(streams, viewers);
    }

    /// Those that are recorded, as babeltrace2's query object `sessions` has them.
    ///
    /// @param place scheme, host and port of the relay
    List<Map<String, Object>> recorded(String place) {
        var all = new ArrayList<Map<String, Object>>();
        recorded.forEach((name, line) -> {
            int slash = name.indexOf('/');
            var facts = new LinkedHashMap<String, Object>();
            facts.put("client-count", line.viewers);
            facts.put("session-name", name.substring(slash + 1));
            facts.put("stream-count", line.streams);
            facts.put("target-hostname", name.substring(0, slash));
            facts.put("timer-us", line.liveTimerMicros);
            facts.put("url", place + "/host/" + name);
            all.add(facts);
        });
        return all;
    }

    /// A line each, in babeltrace2's words.
    ///
    /// @param place scheme, host and port of the relay
    /// @param isWithEnded whether those are wanted that have ended
    List<String> lines(String place, boolean isWithEnded) {
        var lines = new LinkedHashMap<String, String>();
        recorded.forEach((name, line) ->
                lines.put(
                        name,
                        "%s/host/%s (timer = %d, %d stream(s), %d client(s) connected)"
                                .formatted(
                                        place,
                                        name,
                                        line.liveTimerMicros,
                                        line.streams,
                                        line.viewers)));
        if (!isWithEnded) {
            return List.copyOf(lines.values());
        }
        ended.forEach((name, line) ->
                lines.putIfAbsent(
                        name,
                        "%s/host/%s (timer = %d, ended, %d client(s) connected)"
                                .formatted(place, name, line.liveTimerMicros, line.viewers)));
        return List.copyOf(lines.values());
    }
}
