// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.link.FromDaemon.ClassDone;
import dev.contrail.tracer.link.FromDaemon.ClosePool;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.Enable;
import dev.contrail.tracer.link.FromDaemon.FlushJfr;
import dev.contrail.tracer.link.FromDaemon.Jfr;
import dev.contrail.tracer.link.FromDaemon.ListJfr;
import dev.contrail.tracer.link.FromDaemon.ListLoggers;
import dev.contrail.tracer.link.FromDaemon.Logging;
import dev.contrail.tracer.link.FromDaemon.Methods;
import dev.contrail.tracer.link.FromDaemon.OpenPool;
import dev.contrail.tracer.link.FromDaemon.Ready;
import dev.contrail.tracer.link.FromDaemon.StateDump;
import dev.contrail.tracer.link.FromDaemon.Welcome;
import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.ring.PoolMode;
import java.nio.ByteBuffer;

/// Frames of [FromDaemon]. Fields go in the order of the record's components.
final class DaemonCodec {
    private static final int WELCOME = 65;
    private static final int OPEN_POOL = 66;
    private static final int CLOSE_POOL = 67;
    private static final int ENABLE = 68;
    private static final int DISABLE = 69;
    private static final int LOGGING = 70;
    private static final int CLASS_DONE = 71;
    private static final int READY = 72;
    private static final int LIST_LOGGERS = 73;
    private static final int JFR = 74;
    private static final int LIST_JFR = 75;
    private static final int FLUSH_JFR = 76;
    private static final int METHODS = 77;
    private static final int STATE_DUMP = 78;

    /// Bytes of the smallest of them.
    private static final int LEAST_LOG_RULE = 15;

    private static final int LEAST_JFR_RULE = 10;
    private static final int LEAST_METHOD_RULE = 4;
    private static final LogSystem[] SYSTEMS = LogSystem.values();
    private static final PoolMode[] MODES = PoolMode.values();
    private static final LevelSelection[] SELECTIONS = LevelSelection.values();

    private DaemonCodec() {}

    static ByteBuffer encode(FromDaemon message) {
        if (message instanceof Welcome welcome) {
            return new Encoder(WELCOME).putInt(welcome.version()).frame();
        }
        if (message instanceof OpenPool open) {
            return encode(open);
        }
        if (message instanceof ClosePool close) {
            return new Encoder(CLOSE_POOL)
                    .putLong(close.order())
                    .putLong(close.sessionId())
                    .putInt(close.channelId())
                    .frame();
        }
        if (message instanceof Enable enable) {
            return encode(enable);
        }
        if (message instanceof Disable disable) {
            return encode(disable);
        }
        if (message instanceof Logging logging) {
            return encode(logging);
        }
        if (message instanceof Methods methods) {
            return encode(methods);
        }
        if (message instanceof ClassDone done) {
            return new Encoder(CLASS_DONE).putInt(done.classId()).frame();
        }
        if (message instanceof ListLoggers list) {
            return new Encoder(LIST_LOGGERS)
                    .putLong(list.order())
                    .putByte(list.system().ordinal())
                    .frame();
        }
        if (message instanceof Jfr jfr) {
            return encode(jfr);
        }
        if (message instanceof ListJfr list) {
            return new Encoder(LIST_JFR).putLong(list.order()).frame();
        }
        if (message instanceof FlushJfr flush) {
            return new Encoder(FLUSH_JFR).putLong(flush.order()).frame();
        }
        if (message instanceof StateDump dump) {
            return new Encoder(STATE_DUMP)
                    .putLong(dump.order())
                    .putLong(dump.sessionId())
                    .putInt(dump.channelId())
                    .putByte(dump.isAgain() ? 1 : 0)
                    .frame();
        }
        return new Encoder(READY).frame();
    }

    private static ByteBuffer encode(OpenPool open) {
        return new Encoder(OPEN_POOL)
                .putLong(open.order())
                .putLong(open.sessionId())
                .putInt(open.channelId())
                .putByte(open.mode().ordinal())
                .putInt(open.blockSize())
                .putInt(open.blockCount())
                .putStrings(open.contexts())
                .frame();
    }

    private static ByteBuffer encode(Enable enable) {
        return new Encoder(ENABLE)
                .putLong(enable.order())
                .putLong(enable.sessionId())
                .putInt(enable.channelId())
                .putInt(enable.classId())
                .putInt(enable.eventId())
                .putTexts(enable.filters())
                .frame();
    }

    private static ByteBuffer encode(Disable disable) {
        return new Encoder(DISABLE)
                .putLong(disable.order())
                .putLong(disable.sessionId())
                .putInt(disable.channelId())
                .putInt(disable.classId())
                .frame();
    }

    private static ByteBuffer encode(Logging logging) {
        Encoder out =
                new Encoder(LOGGING)
                        .putLong(logging.order())
                        .putLong(logging.sessionId())
                        .putInt(logging.channelId())
                        .putInt(logging.eventId())
                        .putByte(logging.system().ordinal())
                        .putCount(logging.rules().size());
        for (LogRule rule : logging.rules()) {
            out.putString(rule.pattern()).putStrings(rule.exclusions());
            out.putByte(rule.selection().ordinal()).putInt(rule.level()).putText(rule.filter());
        }
        return out.frame();
    }

    private static ByteBuffer encode(Jfr jfr) {
        Encoder out =
                new Encoder(JFR)
                        .putLong(jfr.order())
                        .putLong(jfr.sessionId())
                        .putInt(jfr.channelId())
                        .putCount(jfr.rules().size());
        for (JfrRule rule : jfr.rules()) {
            out.putString(rule.pattern()).putStrings(rule.exclusions()).putStrings(rule.settings());
        }
        return out.frame();
    }

    private static ByteBuffer encode(Methods methods) {
        Encoder out =
                new Encoder(METHODS)
                        .putLong(methods.order())
                        .putLong(methods.sessionId())
                        .putInt(methods.channelId())
                        .putCount(methods.rules().size());
        for (MethodRule rule : methods.rules()) {
            out.putString(rule.pattern()).putStrings(rule.settings());
        }
        return out.frame();
    }

    static FromDaemon decode(ByteBuffer untrusted) throws LinkException {
        Decoder in = new Decoder(untrusted);
        int type = in.takeByte();
        switch (type) {
            case WELCOME:
                return in.end(new Welcome(in.takeInt()));
            case OPEN_POOL:
                return in.end(
                        new OpenPool(
                                in.takeLong(),
                                in.takeLong(),
                                in.takeInt(),
                                in.takeEnum(MODES),
                                in.takeInt(),
                                in.takeInt(),
                                in.takeStrings()));
            case CLOSE_POOL:
                return in.end(new ClosePool(in.takeLong(), in.takeLong(), in.takeInt()));
            case ENABLE:
                return in.end(
                        new Enable(
                                in.takeLong(),
                                in.takeLong(),
                                in.takeInt(),
                                in.takeInt(),
                                in.takeInt(),
                                in.takeTexts()));
            case DISABLE:
                return in.end(
                        new Disable(in.takeLong(), in.takeLong(), in.takeInt(), in.takeInt()));
            case LOGGING:
                return in.end(
                        new Logging(
                                in.takeLong(),
                                in.takeLong(),
                                in.takeInt(),
                                in.takeInt(),
                                in.takeEnum(SYSTEMS),
                                in.takeList(LEAST_LOG_RULE, DaemonCodec::takeLogRule)));
            case CLASS_DONE:
                return in.end(new ClassDone(in.takeInt()));
            case READY:
                return in.end(new Ready());
            case METHODS:
                return in.end(
                        new Methods(
                                in.takeLong(),
                                in.takeLong(),
                                in.takeInt(),
                                in.takeList(LEAST_METHOD_RULE, DaemonCodec::takeMethodRule)));
            case LIST_LOGGERS:
                return in.end(new ListLoggers(in.takeLong(), in.takeEnum(SYSTEMS)));
            case JFR:
                return in.end(
                        new Jfr(
                                in.takeLong(),
                                in.takeLong(),
                                in.takeInt(),
                                in.takeList(LEAST_JFR_RULE, DaemonCodec::takeJfrRule)));
            case LIST_JFR:
                return in.end(new ListJfr(in.takeLong()));
            case FLUSH_JFR:
                return in.end(new FlushJfr(in.takeLong()));
            case STATE_DUMP:
                return in.end(
                        new StateDump(
                                in.takeLong(), in.takeLong(), in.takeInt(), in.takeByte() != 0));
            default:
                throw new LinkException("message type " + type + " of a daemon is unknown");
        }
    }

    private static LogRule takeLogRule(Decoder in) throws LinkException {
        return new LogRule(
                in.takeString(),
                in.takeStrings(),
                in.takeEnum(SELECTIONS),
                in.takeInt(),
                in.takeText());
    }

    private static JfrRule takeJfrRule(Decoder in) throws LinkException {
        return new JfrRule(in.takeString(), in.takeStrings(), in.takeStrings());
    }

    private static MethodRule takeMethodRule(Decoder in) throws LinkException {
        return new MethodRule(in.takeString(), in.takeStrings());
    }
}
