// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SharedCodeTest {
    private static final String FIELDS = "fields := struct { integer { size = 8; } x; };";

    private static TracePlan plan(String host, String uuid, String secondEvent)
            throws CtfException {
        String text =
                """
                trace { major = 1; minor = 8; byte_order = le; %s };
                env { hostname = "%s"; };
                stream { event.header := struct { integer { size = 8; } id; }; };
                event { name = a; id = 7; fields := struct { integer { size = 8; } y; }; };
                event { name = b; id = 9; %s };
                """
                        .formatted(
                                uuid.isEmpty() ? "" : "uuid = \"" + uuid + "\";",
                                host,
                                secondEvent);
        return TracePlan.of("m", MetadataFile.parse("m", text));
    }

    private static TracePlan one() throws CtfException {
        return plan("one", "10111213-1415-1617-1819-1a1b1c1d1e1f", FIELDS);
    }

    private static TracePlan other() throws CtfException {
        return plan("other", "20111213-1415-1617-1819-1a1b1c1d1e1f", FIELDS);
    }

    private static PacketDecoder at(TracePlan plan, int... bytes) throws CtfException {
        ByteBuffer packet = ByteBuffer.allocate(bytes.length);
        for (int part : bytes) {
            packet.put((byte) part);
        }
        var decoder = new PacketDecoder(plan, 1);
        decoder.begin(packet.flip(), "f", 0, 0, bytes.length);
        assertThat(decoder.next()).isTrue();
        return decoder;
    }

    @Test
    void servesALaterTraceFromItsFirstRecordOn() throws CtfException {
        at(one(), 9, 1);
        TracePlan plan = other();
        PacketDecoder later = at(plan, 9, 200);
        assertThat(later.isGenerated()).isTrue();
        assertThat(later.event().eventClass()).isSameAs(plan.metadata().events().get(1));
        assertThat(later.slots()[later.firstSlot(Scope.PAYLOAD)]).isEqualTo(200);
    }

    @Test
    void learnsAnEventClassThatOnlyALaterTraceHolds() throws CtfException {
        String third = "fields := struct { integer { size = 16; } third; };";
        String uuid = "30111213-1415-1617-1819-1a1b1c1d1e1f";
        at(plan("one", uuid, third), 7, 1);
        PacketDecoder later = at(plan("other", uuid, third), 9, 1, 0, 9, 2, 0);
        assertThat(later.isGenerated()).isFalse();
        assertThat(later.next()).isTrue();
        assertThat(later.isGenerated()).isTrue();
        assertThat(at(plan("one", uuid, third), 7, 3).isGenerated()).isTrue();
    }

    @Test
    void tellsScopesThatAreNotDeclaredFromEmptyOnes() throws CtfException {
        var empty = SharedCode.of(plan("h", "", "fields := struct {};"));
        var absent = SharedCode.of(plan("h", "", ""));
        assertThat(absent).isNotSameAs(empty);
        assertThat(SharedCode.of(plan("i", "", ""))).isSameAs(absent);
        assertThat(SharedCode.of(plan("i", "", "fields := struct {};"))).isSameAs(empty);
    }
}
