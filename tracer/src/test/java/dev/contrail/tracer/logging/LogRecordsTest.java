// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.stack.StackContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of log records that are given to us, as instrumented loggers give them.
class LogRecordsTest {
    private static final long SESSION = 0x106;
    private static final int ID = 12;

    private final List<WriterPool> pools = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        want(new LogRule("shop.*", LevelSelection.AT_LEAST, 800));
        want(new LogRule("*", LevelSelection.EXACTLY, 900));
    }

    private void want(LogRule rule) throws Exception {
        WriterPool pool =
                RingWriter.open().openPool(SESSION, pools.size(), PoolMode.DISCARD, 4096, 16);
        pools.add(pool);
        LogBridge.set(pool, new StackContext(), LogSystem.JUL, ID, List.of(rule));
    }

    @AfterEach
    void close() throws Exception {
        for (WriterPool pool : pools) {
            LogBridge.stop(pool, LogSystem.JUL);
            RingWriter.current().closePool(pool);
        }
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() == SESSION) {
                    each.release();
                }
            }
        }
        RingWriter.current().file().toFile().deleteOnExit();
    }

    private static void log(LogRecord record, String logger) {
        record.setLoggerName(logger);
        LogRecords.TAP.accept(record);
    }

    /// `message logger class.method level`, and how many were lost.
    private List<String> recorded(int channel) throws Exception {
        RingWriter.current().tellLost(pools.get(channel));
        List<String> found = new ArrayList<>();
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool pool : ring.pools()) {
                if (pool.sessionId() != SESSION || pool.channelId() != channel) {
                    continue;
                }
                PoolSnapshot snapshot = pool.snapshot();
                for (RingPacket packet : snapshot.packets()) {
                    for (ByteBuffer bytes = packet.records(); bytes.hasRemaining(); ) {
                        found.add(record(bytes));
                    }
                }
                if (snapshot.totals().lost() > 0) {
                    found.add(snapshot.totals().lost() + " lost");
                }
            }
        }
        return found;
    }

    private static String record(ByteBuffer bytes) {
        assertThat(bytes.getLong() & 0xffff).isEqualTo(ID);
        bytes.getInt();
        String text = string(bytes) + " " + string(bytes) + " ";
        text += string(bytes) + "." + string(bytes);
        assertThat(bytes.getLong()).isEqualTo(1000);
        text += " " + bytes.getInt();
        assertThat(bytes.getInt()).isNotZero();
        assertThat(string(bytes)).isEqualTo(Thread.currentThread().getName());
        String context = string(bytes);
        text += context.isEmpty() ? "" : " [" + context + "]";
        assertThat(string(bytes)).isEmpty(); // marker
        String thrown = string(bytes);
        String stack = string(bytes);
        if (!thrown.isEmpty()) {
            text += " " + thrown + " " + stack.lines().findFirst().orElse("");
        }
        return text;
    }

    private static String string(ByteBuffer from) {
        int length = 0;
        while (from.get(from.position() + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        from.get(bytes).get();
        return new String(bytes, UTF_8);
    }

    /// With a caller that names itself.
    private static LogRecord at(LogRecord record, String inClass, String inMethod) {
        record.setInstant(java.time.Instant.ofEpochSecond(1));
        record.setSourceClassName(inClass);
        record.setSourceMethodName(inMethod);
        return record;
    }

    @Test
    void areWhatLttngDeclaresForItsJavaAgent() {
        EventDescription event = LogBridge.description(LogSystem.JUL, ID);
        assertThat(event.name()).isEqualTo("lttng_jul:event");
        assertThat(event.logLevel()).isEqualTo(13);
        assertThat(event.fields()).isEqualTo(LogSystem.fields());
        assertThat(event.fields())
                .startsWith(
                        new EventField("msg", FieldType.STRING),
                        new EventField("logger_name", FieldType.STRING),
                        new EventField("class_name", FieldType.STRING),
                        new EventField("method_name", FieldType.STRING),
                        new EventField("long_millis", FieldType.S64),
                        new EventField("int_loglevel", FieldType.S32),
                        new EventField("int_threadid", FieldType.S32));
    }

    @Test
    void haveTheContextThatJBossKeeps() throws Exception {
        log(at(new ExtLogRecord(Level.INFO, "no %s", "7"), "C", "m"), "shop.till");
        log(at(new ExtLogRecord(Level.INFO, "plain"), "C", "m"), "shop.till");
        assertThat(recorded(0))
                .containsExactly("no 7 shop.till C.m 800 [order=17]", "plain shop.till C.m 800");
    }

    @Test
    void goToThePoolsWhoseRulesWantThem() throws Exception {
        log(at(new LogRecord(Level.INFO, "a"), "C", "m"), "shop.till");
        log(at(new LogRecord(Level.WARNING, "bä"), "C", null), "shop.till");
        log(at(new LogRecord(Level.WARNING, null), null, null), "other");
        log(at(new LogRecord(Level.INFO, "d"), "C", "m"), "other");
        assertThat(recorded(0)).containsExactly("a shop.till C.m 800", "bä shop.till C.null 900");
        assertThat(recorded(1)).containsExactly("bä shop.till C.null 900", "null other ?.? 900");
    }

    private static final class Unformatted {
        private int asked;

        @Override
        public String toString() {
            asked++;
            return "formatted";
        }
    }

    @Test
    void areFormattedForAFilterOnlyWhenItNamesTheMessage() throws Exception {
        want(new LogRule("f.c", LevelSelection.ALL, 0));
        want(filtered("long_millis == 1000 && logger_name != \"*.b\" && class_name == \"C\""));
        want(filtered("msg == \"*matt*\" && throwable == \"\" && stack == \"\""));
        Unformatted argument = new Unformatted();
        for (String logger : List.of("f.a", "f.b")) {
            LogRecord record = at(new LogRecord(Level.FINE, "{0}"), "C", "m");
            record.setParameters(new Object[] {argument});
            log(record, logger);
        }
        assertThat(recorded(3)).containsExactly("formatted f.a C.m 500");
        assertThat(recorded(4)).containsExactly("formatted f.a C.m 500", "formatted f.b C.m 500");
        assertThat(argument.asked).isEqualTo(2);
        LogRecord both = at(new LogRecord(Level.FINE, "{0}"), "C", "m");
        both.setParameters(new Object[] {argument});
        log(both, "f.c");
        assertThat(recorded(2)).containsExactly("formatted f.c C.m 500");
        assertThat(recorded(3)).hasSize(2);
        assertThat(argument.asked).isEqualTo(3);
        LogBridge.stop(pools.get(4), LogSystem.JUL);
        LogRecord none = at(new LogRecord(Level.FINE, "{0}"), "C", "m");
        none.setParameters(new Object[] {argument});
        log(none, "f.b");
        assertThat(argument.asked).isEqualTo(3);
    }

    private static LogRule filtered(String filter) {
        return new LogRule("f.*", List.of(), LevelSelection.EXACTLY, 500, filter);
    }

    /// With its message and its frames; an exception that logs when it is asked comes to an end.
    @Test
    void haveWhatWasThrown() throws Exception {
        LogRecord thrown = at(new LogRecord(Level.INFO, "a"), "C", "m");
        LogRecord again = at(new LogRecord(Level.INFO, "again"), "D", "n");
        RuntimeException failure =
                new RuntimeException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        log(again, "shop.till");
                        return "no coins";
                    }
                };
        failure.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("T", "pay", "T.java", 7)});
        again.setThrown(failure);
        thrown.setThrown(failure);
        log(thrown, "shop.till");
        String type = failure.getClass().getName();
        assertThat(recorded(0))
                .containsExactly(
                        "again shop.till D.n 800 " + type + " ",
                        "a shop.till C.m 800 " + type + ": no coins at T.pay(T.java:7)");
    }

    /// Logs itself, or what it is told, whenever it is looked at.
    private static final class Echo extends LogRecord {
        private static final long serialVersionUID = 1;
        private final transient LogRecord other;

        Echo(String message, LogRecord other) {
            super(Level.INFO, message);
            this.other = other;
        }

        @Override
        public String getLoggerName() {
            log(other == null ? this : other, "shop.echo");
            return "shop.till";
        }
    }

    @Test
    void comeToAnEndWhenTheyLogThemselves() throws Exception {
        log(at(new Echo("again", null), "C", "m"), "shop.till");
        String read = "again shop.till C.m 800";
        assertThat(recorded(0)).containsExactly(read, read, "1 lost");
    }

    @Test
    void areRecordedWhenOthersAreReadToo() throws Exception {
        LogRecord inner = at(new LogRecord(Level.INFO, "inner"), "D", "n");
        log(at(new Echo("outer", inner), "C", "m"), "shop.till");
        assertThat(recorded(0))
                .containsExactly("inner shop.echo D.n 800", "outer shop.till C.m 800");
    }

    /// Two that format each other: the second is recorded as it was given.
    @Test
    void areRecordedUnformattedWhileAnotherIsFormatted() throws Exception {
        LogRecord inner = at(new LogRecord(Level.INFO, "inner {0}"), "D", "n");
        Object[] parameters = {
            new Object() {
                @Override
                public String toString() {
                    log(inner, "shop.till");
                    return "x";
                }
            }
        };
        inner.setParameters(parameters);
        LogRecord outer = at(new LogRecord(Level.INFO, "outer {0}"), "C", "m");
        outer.setParameters(parameters);
        log(outer, "shop.till");
        assertThat(recorded(0))
                .containsExactly("inner {0} shop.till D.n 800", "outer x shop.till C.m 800");
    }
}
