// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteOrder;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeclarationCacheTest {
    private static final String BYTE = "typealias integer { size = 8; } := number;\n";
    private static final String WORD = "typealias integer { size = 16; } := number;\n";
    private static final String CLOCK = "clock { name = c; };\n";

    /// Of its own for each test: what others have read is not found.
    private final String name = UUID.randomUUID().toString();

    private final String end =
            "stream { event.header := struct { number id; }; };\n"
                    + "event { name = \""
                    + name
                    + "\"; id = 1; fields := struct { number a[env.count]; }; };\n";

    private static String trace(String order, UUID uuid) {
        return "trace { major = 1; minor = 8; byte_order = %s; uuid = \"%s\"; };\n"
                .formatted(order, uuid);
    }

    private static String environment(int count, String host) {
        return "env { count = %d; hostname = \"%s\"; };\n".formatted(count, host);
    }

    private Metadata read(String begin) throws CtfException {
        return MetadataFile.parse("metadata", begin + end);
    }

    private static ArrayClass array(Metadata metadata) {
        return (ArrayClass) metadata.events().getFirst().fields().members().getFirst().fieldClass();
    }

    @Test
    void areTheSameInTracesThatDifferInWhatTheyAreOnly() throws CtfException {
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        Metadata first = read(BYTE + trace("le", one) + environment(3, "a") + CLOCK);
        Metadata second =
                read(BYTE + trace("le", other) + "/* x */ " + environment(3, "b") + "\n" + CLOCK);
        assertThat(second.events()).isSameAs(first.events());
        assertThat(second.streams()).isSameAs(first.streams());
        assertThat(second.trace().uuid()).isEqualTo(other);
        assertThat(second.trace().environment()).containsEntry("hostname", "b");
    }

    @Test
    void areReadAnewWhereAnythingElseDiffers() throws CtfException {
        UUID uuid = UUID.randomUUID();
        Metadata first = read(BYTE + trace("le", uuid) + environment(3, "a"));
        assertThat(array(first).length()).isEqualTo(3);
        assertThat(array(read(BYTE + trace("le", uuid) + environment(4, "a"))).length())
                .isEqualTo(4);
        var word =
                (IntegerClass)
                        array(read(WORD + trace("le", uuid) + environment(3, "a"))).element();
        assertThat(word.sizeBits()).isEqualTo(16);
        var big =
                (IntegerClass)
                        array(read(BYTE + trace("be", uuid) + environment(3, "a"))).element();
        assertThat(big.byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(read(BYTE + trace("le", uuid) + environment(3, "a") + CLOCK).events())
                .isNotSameAs(first.events())
                .isEqualTo(first.events());
        assertThatThrownBy(() -> read(trace("le", uuid) + environment(3, "a")))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("number");
    }

    @Test
    void areNotFoundInAComment() throws CtfException {
        String begin = BYTE + trace("le", UUID.randomUUID()) + environment(3, "a");
        assertThat(read(begin).events()).hasSize(1);
        assertThat(read(begin + "/* not this: ").events()).isEmpty();
        assertThat(read(begin + "struct s { ").damage()).hasSize(1);
    }
}
