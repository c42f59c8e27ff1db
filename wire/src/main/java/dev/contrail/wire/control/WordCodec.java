// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.ProtocolException;

/// What sessions are described with, in a message: field by field, in the order of the records.
final class WordCodec {
    private WordCodec() {}

    static void encode(MessageWriter out, ChannelAttributes attributes) {
        out.word(attributes.lossMode())
                .number(attributes.subBufferBytes())
                .number(attributes.subBufferCount())
                .number(attributes.switchTimerMicros())
                .number(attributes.readTimerMicros())
                .number(attributes.monitorTimerMicros())
                .number(attributes.traceFileBytes())
                .number(attributes.traceFileCount())
                .text(attributes.output());
    }

    static ChannelAttributes decodeAttributes(MessageReader in) throws ProtocolException {
        return new ChannelAttributes(
                in.word(LossMode.values()),
                in.number(),
                in.count(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.count(),
                in.text());
    }

    static void encode(MessageWriter out, EventRule rule) {
        out.word(rule.type())
                .text(rule.pattern())
                .texts(rule.exclusions())
                .word(rule.levels())
                .number(rule.level())
                .text(rule.filter())
                .texts(rule.settings())
                .flag(rule.isEnabled());
    }

    static EventRule decodeRule(MessageReader in) throws ProtocolException {
        return new EventRule(
                in.word(PointType.values()),
                in.text(),
                in.texts(),
                in.word(EventRule.LevelSelection.values()),
                in.count(),
                in.text(),
                in.texts(),
                in.flag());
    }

    static void encode(MessageWriter out, InstrumentationPoint point) {
        out.text(point.provider())
                .text(point.name())
                .word(point.type())
                .number(point.logLevel())
                .texts(point.fields());
    }

    static InstrumentationPoint decodePoint(MessageReader in) throws ProtocolException {
        return new InstrumentationPoint(
                in.text(), in.text(), in.word(PointType.values()), in.count(), in.texts());
    }
}
