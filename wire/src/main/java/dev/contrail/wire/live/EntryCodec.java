// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The entries of lists of sessions and of streams (`live-protocol.md` section 2).
final class EntryCodec {
    private static final int CHANNEL_NAME = 255;

    /// `char[4096]` and `char[255]` at its end.
    static final int STREAM_ENTRY = 20 + Fields.MAX_PATH_BYTES + CHANNEL_NAME;

    private static final int HOST_NAME = 64;
    private static final int SESSION_NAME = 255;

    /// `char[64]` and `char[255]` at its end.
    private static final int SESSION_ENTRY = 20 + HOST_NAME + SESSION_NAME;

    /// Host and name follow, neither with a NUL.
    private static final int SESSION_ENTRY_2_15 = 32;

    private static final int HOST_LENGTH_AT = 20;
    private static final int NAME_LENGTH_AT = 24;

    private EntryCodec() {}

    /// How long the sessions of a list are that begins with their count; at least, if it is cut.
    static long sessionBytes(RelayVersion version, ByteBuffer untrusted) {
        long count = Fields.unsigned(untrusted.getInt(untrusted.position()));
        if (!version.isAtLeast(15)) {
            return count * SESSION_ENTRY;
        }
        long bytes = count * SESSION_ENTRY_2_15;
        long at = untrusted.position() + Integer.BYTES;
        for (long i = 0; i < count && at + SESSION_ENTRY_2_15 <= untrusted.limit(); i++) {
            long names =
                    Fields.unsigned(untrusted.getInt((int) at + HOST_LENGTH_AT))
                            + Fields.unsigned(untrusted.getInt((int) at + NAME_LENGTH_AT));
            bytes += names;
            at += SESSION_ENTRY_2_15 + names;
        }
        return bytes;
    }

    /// How many bytes [#putSessions] puts.
    static int sessionBytes(RelayVersion version, List<SessionEntry> sessions) {
        if (!version.isAtLeast(15)) {
            return sessions.size() * SESSION_ENTRY;
        }
        int bytes = 0;
        for (SessionEntry each : sessions) {
            bytes += SESSION_ENTRY_2_15 + each.host().length() + each.name().length();
        }
        return bytes;
    }

    /// Takes sessions out of a buffer, which are all there.
    static List<SessionEntry> sessions(RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        int count = in.getInt();
        var sessions = new ArrayList<SessionEntry>(count);
        for (int i = 0; i < count; i++) {
            sessions.add(session(version, in));
        }
        return sessions;
    }

    private static SessionEntry session(RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        long id = in.getLong();
        long liveTimerMicros = Fields.unsigned(in.getInt());
        long viewers = Fields.unsigned(in.getInt());
        long streams = Fields.unsigned(in.getInt());
        CString host;
        CString name;
        int traceFormat = SessionEntry.CTF_1_8;
        if (version.isAtLeast(15)) {
            int hostBytes = in.getInt();
            int nameBytes = in.getInt();
            traceFormat = in.getInt();
            host = Fields.bare(in, hostBytes, Fields.MAX_PATH_BYTES, "LIST_SESSIONS, host");
            name = Fields.bare(in, nameBytes, Fields.MAX_PATH_BYTES, "LIST_SESSIONS, session");
        } else {
            host = Fields.fixed(in, HOST_NAME, "LIST_SESSIONS, host");
            name = Fields.fixed(in, SESSION_NAME, "LIST_SESSIONS, session");
        }
        return new SessionEntry(id, liveTimerMicros, viewers, streams, host, name, traceFormat);
    }

    /// Puts sessions, not their count.
    static void putSessions(RelayVersion version, List<SessionEntry> sessions, ByteBuffer out) {
        for (SessionEntry each : sessions) {
            out.putLong(each.id()).putInt(Fields.word(each.liveTimerMicros()));
            out.putInt(Fields.word(each.viewers())).putInt(Fields.word(each.streams()));
            if (version.isAtLeast(15)) {
                out.putInt(each.host().length()).putInt(each.name().length());
                out.putInt(each.traceFormat());
                each.host().putTo(out);
                each.name().putTo(out);
            } else {
                putCut(out, each.host(), HOST_NAME);
                putCut(out, each.name(), SESSION_NAME);
            }
        }
    }

    /// Takes so many streams out of a buffer, which are all there.
    static List<StreamEntry> streams(int count, ByteBuffer in) throws ProtocolException {
        var streams = new ArrayList<StreamEntry>(count);
        for (int i = 0; i < count; i++) {
            streams.add(
                    new StreamEntry(
                            in.getLong(),
                            in.getLong(),
                            in.getInt() != 0,
                            Fields.fixed(in, Fields.MAX_PATH_BYTES, "path of a stream"),
                            Fields.fixed(in, CHANNEL_NAME, "channel of a stream")));
        }
        return streams;
    }

    /// Puts streams, not their count.
    static void putStreams(List<StreamEntry> streams, ByteBuffer out) {
        for (StreamEntry each : streams) {
            out.putLong(each.id()).putLong(each.traceId()).putInt(each.isMetadata() ? 1 : 0);
            putCut(out, each.path(), Fields.MAX_PATH_BYTES);
            putCut(out, each.channelName(), CHANNEL_NAME);
        }
    }

    private static void putCut(ByteBuffer out, CString text, int bytes) {
        Fields.putFixed(out, text.cutTo(bytes - 1), bytes);
    }
}
