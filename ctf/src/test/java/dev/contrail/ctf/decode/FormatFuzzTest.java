// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.contrail.ctf.Ctf2Traces;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.RandomLayouts;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.ctf2.Ctf2Writer;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Bytes of anybody's, for each format that is read: they are understood, or refused with a
/// [CtfException]; nothing else happens.
///
/// What is read of metadata can be written and read again; generated code and interpreter decode
/// the same from any packet.
///
/// An ordinary test run replays the inputs in `FormatFuzzTestInputs`. `JAZZER_FUZZ=1` and one
/// method looks for new ones, guided by coverage; `bench/fuzz.sh` does so for all four.
class FormatFuzzTest {
    private static final int MOST_EVENTS = 10_000;
    private static final int RANDOM_LAYOUTS = 14;
    private static final TracePlan PLAN_1_8 = plan(tsdl());
    private static final List<TracePlan> PLANS = plans();

    private static byte[] tsdl() {
        StreamClass stream = Traces.stream(0, LttngSchema.jvmEventHeader(Traces.CLOCK));
        return (TsdlWriter.preamble(Traces.trace(), List.of(stream))
                        + TsdlWriter.event(Traces.allFieldClasses()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<TracePlan> plans() {
        var plans = new ArrayList<TracePlan>();
        plans.add(PLAN_1_8);
        plans.add(plan(Ctf2Traces.sequence(Ctf2Traces.ALL)));
        for (int seed = 0; seed < RANDOM_LAYOUTS; seed++) {
            plans.add(plan(RandomLayouts.metadata(new Random(seed))));
        }
        return plans;
    }

    private static TracePlan plan(byte[] metadata) {
        try {
            return plan(MetadataFile.parse("metadata", metadata));
        } catch (CtfException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TracePlan plan(Metadata metadata) {
        try {
            return TracePlan.of("metadata", metadata);
        } catch (CtfException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String tsdl(Metadata metadata) {
        TraceClass trace = metadata.trace();
        var text = new StringBuilder(TsdlWriter.preamble(trace, metadata.streams()));
        for (EventClass event : metadata.events()) {
            text.append(TsdlWriter.event(event, trace.byteOrder()));
        }
        return text.toString();
    }

    @FuzzTest(maxDuration = "20s")
    void tsdl(byte[] untrusted) {
        metadata(untrusted);
    }

    @FuzzTest(maxDuration = "20s")
    void ctf2(byte[] untrusted) {
        byte[] text = Arrays.copyOf(untrusted, untrusted.length + 1);
        System.arraycopy(untrusted, 0, text, 1, untrusted.length);
        text[0] = 0x1E; // what tells CTF 2 from TSDL
        metadata(text);
    }

    private static void metadata(byte[] untrusted) {
        Metadata read;
        try {
            read = MetadataFile.parse("metadata", untrusted);
            TracePlan.of("metadata", read);
        } catch (CtfException refused) {
            assertThat(refused).hasMessageStartingWith("metadata");
            return;
        }
        boolean isCtf2 = read.trace().version() == CtfVersion.CTF_2;
        String text = isCtf2 ? Ctf2Writer.metadata(read) : tsdl(read);
        if (text.indexOf('\uFFFD') >= 0) {
            return; // a NUL in a name, which TSDL cannot say
        }
        try {
            Metadata again = MetadataFile.parse("copy", text);
            if (isCtf2) { // a relative location has become an absolute one
                assertThat(Ctf2Writer.metadata(again)).isEqualTo(text);
                return;
            }
            assertThat(again.trace()).isEqualTo(read.trace());
            assertThat(again.streams()).isEqualTo(read.streams());
            assertThat(again.events()).isEqualTo(read.events());
        } catch (CtfException refused) {
            throw new AssertionError(text, refused);
        }
    }

    /// The first byte chooses the trace; generated code and interpreter must agree.
    @FuzzTest(maxDuration = "20s")
    void packets(byte[] untrusted) {
        if (untrusted.length == 0) {
            return;
        }
        TracePlan plan = PLANS.get((untrusted[0] & 0xFF) % PLANS.size());
        byte[] packet = Arrays.copyOfRange(untrusted, 1, untrusted.length);
        assertThat(decoded(new PacketDecoder(plan, 0), packet))
                .isEqualTo(decoded(PacketDecoder.interpreter(plan), packet));
    }

    private static List<Object> decoded(PacketDecoder decoder, byte[] packet) {
        var events = new ArrayList<Object>();
        try {
            decoder.begin(ByteBuffer.wrap(packet), "stream", 0, 0, packet.length);
            while (decoder.next() && events.size() < MOST_EVENTS) {
                events.add(DecodedRecord.of(decoder));
            }
        } catch (CtfException refused) {
            events.add(refused.getMessage());
        }
        return events;
    }

    @FuzzTest(maxDuration = "20s")
    void index(byte[] untrusted) throws IOException {
        Path file = Files.createTempFile("fuzz", ".idx");
        try {
            Files.write(file, untrusted);
            try (FileChannel channel = FileChannel.open(file)) {
                assertThat(IndexFile.read("index", channel, 1L << 40))
                        .hasSizeLessThanOrEqualTo(untrusted.length / IndexFile.ENTRY_BYTES_1_0);
            } catch (CtfException refused) {
                assertThat(refused).hasMessageStartingWith("index");
            }
        } finally {
            Files.delete(file);
        }
    }
}
