// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.DomainName;
import dev.contrail.wire.PointType;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.Warning;

/// Warnings in a message: a number that says which one, then its parameters.
final class WarningCodec {
    private WarningCodec() {}

    static void encode(MessageWriter out, Warning warning) {
        switch (warning) {
            case Warning.NotFollowed(String application, String reason) ->
                    out.number(1).text(application).text(reason);
            case Warning.NoSuchEvent(String pattern, PointType type) ->
                    out.number(2).text(pattern).word(type);
            case Warning.EventNotSwitched(String event, boolean isEnabling, String reason) ->
                    out.number(3).text(event).flag(isEnabling).text(reason);
            case Warning.Unserved(String channel, DomainName domain, String reason) ->
                    out.number(4).text(channel).word(domain).text(reason);
            case Warning.StateNotKept(String reason) -> out.number(5).text(reason);
            case Warning.StateUnreadable(String what) -> out.number(6).text(what);
            case Warning.Past(String notice) -> out.number(7).text(notice);
            case Warning.NotStored(String reason) -> out.number(8).text(reason);
            case Warning.Busy(String with) -> out.number(9).text(with);
            case Warning.NotRecorded(String application, String reason) ->
                    out.number(10).text(application).text(reason);
            case Warning.ManyNotRecorded(int count, String reason) ->
                    out.number(11).number(count).text(reason);
            case Warning.EndedUnrecorded(int count, String reason) ->
                    out.number(12).number(count).text(reason);
            case Warning.RecordedLate(String application, String what) ->
                    out.number(13).text(application).text(what);
            case Warning.MoreRecordedLate(long count) -> out.number(14).number(count);
            case Warning.RingUnread(String what) -> out.number(15).text(what);
            case Warning.NotFollowedInTime(String application, long seconds) ->
                    out.number(16).text(application).number(seconds);
        }
    }

    static Warning decode(MessageReader in) throws ProtocolException {
        int type = in.count();
        return switch (type) {
            case 1 -> new Warning.NotFollowed(in.text(), in.text());
            case 2 -> new Warning.NoSuchEvent(in.text(), in.word(PointType.values()));
            case 3 -> new Warning.EventNotSwitched(in.text(), in.flag(), in.text());
            case 4 -> new Warning.Unserved(in.text(), in.word(DomainName.values()), in.text());
            case 5 -> new Warning.StateNotKept(in.text());
            case 6 -> new Warning.StateUnreadable(in.text());
            case 7 -> new Warning.Past(in.text());
            case 8 -> new Warning.NotStored(in.text());
            case 9 -> new Warning.Busy(in.text());
            case 10 -> new Warning.NotRecorded(in.text(), in.text());
            case 11 -> new Warning.ManyNotRecorded(in.count(), in.text());
            case 12 -> new Warning.EndedUnrecorded(in.count(), in.text());
            case 13 -> new Warning.RecordedLate(in.text(), in.text());
            case 14 -> new Warning.MoreRecordedLate(in.number());
            case 15 -> new Warning.RingUnread(in.text());
            case 16 -> new Warning.NotFollowedInTime(in.text(), in.number());
            default -> throw new ProtocolException("unknown warning " + type);
        };
    }
}
