// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// What the user should know beside an answer: recording goes on, or was ended, but not all is as
/// asked. A closed set, so that a client can tell one from the other; what comes from the system or
/// from an application is a parameter.
///
/// [#text] has the words for all of them, once: command line, log and the notes of an account show
/// the same.
public sealed interface Warning {
    /// An application has not done what it was told.
    record NotFollowed(String application, String reason) implements Warning {}

    /// An application does not answer, and is no longer waited for.
    record NotFollowedInTime(String application, long seconds) implements Warning {}

    /// A rule names an event that was there and vanished, with its module perhaps.
    record NoSuchEvent(String pattern, PointType type) implements Warning {
        /// The same without the pattern.
        public String reason() {
            return "this kernel has no such "
                    + (type == PointType.SYSCALL ? "system call" : "event");
        }
    }

    /// The kernel refuses to switch an event on or off.
    record EventNotSwitched(String event, boolean isEnabling, String reason) implements Warning {}

    /// This daemon cannot serve a domain that the session records.
    ///
    /// @param channel empty where the whole domain is meant
    record Unserved(String channel, DomainName domain, String reason) implements Warning {}

    /// What was asked is done, but a next daemon will not know of it.
    record StateNotKept(String reason) implements Warning {}

    /// What an earlier daemon has left cannot be read.
    record StateUnreadable(String what) implements Warning {}

    /// What has happened to the session before this daemon took it up, such as a restart of the
    /// machine.
    record Past(String notice) implements Warning {}

    /// Records could not be read or written: a full disk, files that others have removed.
    record NotStored(String reason) implements Warning {}

    /// Somebody else keeps the session waiting.
    record Busy(String with) implements Warning {}

    /// A JVM that runs is not recorded.
    record NotRecorded(String application, String reason) implements Warning {}

    /// Many JVMs that run are not recorded; the reason is that of the first.
    record ManyNotRecorded(int count, String reason) implements Warning {}

    /// JVMs that have ended could not be recorded, all for that reason.
    record EndedUnrecorded(int count, String reason) implements Warning {}

    /// A JVM is recorded, but not from its beginning.
    ///
    /// @param what it says of that, a clause
    record RecordedLate(String application, String what) implements Warning {}

    /// More JVMs than were named are not recorded from their beginning.
    record MoreRecordedLate(long count) implements Warning {}

    /// A ring cannot be read now, or never again.
    record RingUnread(String what) implements Warning {}

    /// One line, without a full stop.
    default String text() {
        return switch (this) {
            case NotFollowed(String application, String reason) -> application + ": " + reason;
            case NotFollowedInTime(String application, long seconds) ->
                    "%s has not followed within %d s".formatted(application, seconds);
            case NoSuchEvent missing -> "Event %s: %s".formatted(missing.pattern, missing.reason());
            case EventNotSwitched(String event, boolean isEnabling, String reason) ->
                    "Kernel event %s cannot be %s: %s"
                            .formatted(event, isEnabling ? "enabled" : "disabled", reason);
            case Unserved(String channel, DomainName _, String reason) ->
                    channel.isEmpty() ? reason : channel + ": " + reason;
            case StateNotKept(String reason) ->
                    "Done, but a next daemon will not know of it: the state could not be kept: "
                            + reason;
            case StateUnreadable(String what) -> what;
            case Past(String notice) -> notice;
            case NotStored(String reason) -> reason;
            case Busy(String with) -> "busy: " + with;
            case NotRecorded(String application, String reason) ->
                    application + " is not recorded: " + reason;
            case ManyNotRecorded(int count, String reason) ->
                    "%d JVMs could not be recorded: %s".formatted(count, reason);
            case EndedUnrecorded(int count, String reason) ->
                    "%d JVM%s that ended could not be recorded: %s"
                            .formatted(count, count == 1 ? "" : "s", reason);
            case RecordedLate(String application, String what) -> application + " " + what;
            case MoreRecordedLate(long count) ->
                    "so did %d JVM%s more".formatted(count, count == 1 ? "" : "s");
            case RingUnread(String what) -> what;
        };
    }
}
