// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.link.FromApplication.Acknowledged;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.Failed;
import dev.contrail.tracer.link.FromApplication.Hello;
import dev.contrail.tracer.link.FromApplication.JfrEvent;
import dev.contrail.tracer.link.FromApplication.LogState;
import dev.contrail.tracer.link.FromApplication.Logger;
import dev.contrail.tracer.link.FromApplication.MethodState;
import dev.contrail.tracer.link.FromApplication.RingOpened;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.nio.ByteBuffer;
import java.util.List;

/// Frames of [FromApplication]. Fields go in the order of the record's components.
final class ApplicationCodec {
    private static final int HELLO = 1;
    private static final int BOUND = 2;
    private static final int LOGGER = 3;
    private static final int RING_OPENED = 4;
    private static final int ACKNOWLEDGED = 5;
    private static final int FAILED = 6;
    private static final int LOG_STATE = 7;
    private static final int JFR_EVENT = 8;
    private static final int METHOD_STATE = 9;

    /// Bytes of the smallest of them.
    private static final int LEAST_FIELD = 3;

    private static final LogSystem[] SYSTEMS = LogSystem.values();
    private static final FieldType[] FIELD_TYPES = FieldType.values();

    private ApplicationCodec() {}

    static ByteBuffer encode(FromApplication message) {
        if (message instanceof Hello hello) {
            return encode(hello);
        }
        if (message instanceof Bound bound) {
            return encode(bound);
        }
        if (message instanceof Logger logger) {
            return new Encoder(LOGGER)
                    .putByte(logger.system().ordinal())
                    .putString(logger.name())
                    .frame();
        }
        if (message instanceof LogState state) {
            return new Encoder(LOG_STATE)
                    .putByte(state.system().ordinal())
                    .putString(state.problem())
                    .frame();
        }
        if (message instanceof JfrEvent event) {
            Encoder out = new Encoder(JFR_EVENT).putString(event.name());
            putFields(out, event.fields());
            return out.frame();
        }
        if (message instanceof MethodState state) {
            return new Encoder(METHOD_STATE)
                    .putLong(state.sessionId())
                    .putInt(state.channelId())
                    .putString(state.problem())
                    .frame();
        }
        if (message instanceof RingOpened ring) {
            return new Encoder(RING_OPENED).putString(ring.path()).frame();
        }
        if (message instanceof Acknowledged done) {
            return new Encoder(ACKNOWLEDGED)
                    .putLong(done.order())
                    .putString(done.problem())
                    .frame();
        }
        return new Encoder(FAILED).putString(((Failed) message).text()).frame();
    }

    private static ByteBuffer encode(Hello hello) {
        return new Encoder(HELLO)
                .putInt(hello.version())
                .putLong(hello.pid())
                .putLong(hello.processStart())
                .putString(hello.ringDirectory())
                .putString(hello.jdk())
                .putString(hello.name())
                .putInt(hello.uidHint())
                .frame();
    }

    private static ByteBuffer encode(Bound bound) {
        Encoder out =
                new Encoder(BOUND)
                        .putInt(bound.classId())
                        .putString(bound.name())
                        .putInt(bound.logLevel());
        putFields(out, bound.fields());
        return out.putString(bound.origin()).frame();
    }

    private static void putFields(Encoder out, List<EventField> fields) {
        out.putCount(fields.size());
        for (EventField field : fields) {
            out.putString(field.name()).putByte(field.type().ordinal());
        }
    }

    static FromApplication decode(ByteBuffer untrusted) throws LinkException {
        Decoder in = new Decoder(untrusted);
        int type = in.takeByte();
        switch (type) {
            case HELLO:
                return in.end(
                        new Hello(
                                in.takeInt(),
                                in.takeLong(),
                                in.takeLong(),
                                in.takeString(),
                                in.takeString(),
                                in.takeString(),
                                in.takeInt()));
            case BOUND:
                return in.end(
                        new Bound(
                                in.takeInt(),
                                in.takeString(),
                                in.takeInt(),
                                takeFields(in),
                                in.takeString()));
            case LOGGER:
                return in.end(new Logger(in.takeEnum(SYSTEMS), in.takeString()));
            case LOG_STATE:
                return in.end(new LogState(in.takeEnum(SYSTEMS), in.takeString()));
            case JFR_EVENT:
                return in.end(new JfrEvent(in.takeString(), takeFields(in)));
            case METHOD_STATE:
                return in.end(new MethodState(in.takeLong(), in.takeInt(), in.takeString()));
            case RING_OPENED:
                return in.end(new RingOpened(in.takeString()));
            case ACKNOWLEDGED:
                return in.end(new Acknowledged(in.takeLong(), in.takeString()));
            case FAILED:
                return in.end(new Failed(in.takeString()));
            default:
                throw new LinkException("message type " + type + " of an application is unknown");
        }
    }

    private static List<EventField> takeFields(Decoder in) throws LinkException {
        return in.takeList(
                LEAST_FIELD,
                field -> new EventField(field.takeString(), field.takeEnum(FIELD_TYPES)));
    }
}
