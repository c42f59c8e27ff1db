// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import static dev.contrail.ctf.FieldClass.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.FieldLocation.Absolute;
import dev.contrail.ctf.FieldLocation.Relative;
import dev.contrail.ctf.FieldLocation.TsdlPath;
import dev.contrail.ctf.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldFinderTest {
    private final FieldFinder finder = new FieldFinder();

    private FieldNode enter(Scope scope, CtfVersion version, Member... members) {
        FieldNode root = FieldNode.of(scope, structure(members), version);
        finder.enter(root);
        return root;
    }

    private static StructureClass structure(Member... members) {
        return new StructureClass(List.of(members), 1);
    }

    private static Member member(String name, FieldClass fieldClass) {
        return new Member(name, fieldClass);
    }

    private static FieldNode at(FieldNode root, int... indexes) {
        FieldNode node = root;
        for (int index : indexes) {
            node = node.inside().get(index);
        }
        return node;
    }

    @Test
    void pathsOfCtf18AreNumbersOfShownMembers() {
        FieldClass list =
                new SequenceClass(
                        structure(
                                member("_k", unsigned(8)),
                                member("_d", new SequenceClass(unsigned(8), "_k"))),
                        "_n");
        FieldNode root =
                enter(
                        Scope.PAYLOAD,
                        CtfVersion.CTF_1_8,
                        member("time", unsigned(64).mappedTo("monotonic")),
                        member("_n", unsigned(8)),
                        member("_list", list));
        FieldNode inner = at(root, 2, 0, 1);

        FieldNode length = finder.find(at(root, 2), new TsdlPath("_n")).orElseThrow();
        FieldNode near = finder.find(inner, new TsdlPath("_k")).orElseThrow();
        FieldNode far = finder.find(inner, new TsdlPath("event.fields._n")).orElseThrow();

        assertThat(FieldFinder.indexes(length)).containsExactly(0);
        assertThat(FieldFinder.indexes(near)).containsExactly(1, -1, 0);
        assertThat(far).isSameAs(length);
        assertThat(finder.find(inner, new TsdlPath("time"))).isEmpty();
        assertThat(finder.find(inner, new TsdlPath("stream.event.header.id"))).isEmpty();
    }

    @Test
    void aFieldThatComesLaterIsNotMeant() {
        FieldNode root =
                enter(
                        Scope.PAYLOAD,
                        CtfVersion.CTF_1_8,
                        member("n", unsigned(8)),
                        member(
                                "s",
                                structure(
                                        member("a", new SequenceClass(unsigned(8), "n")),
                                        member("n", unsigned(16)))));

        assertThat(finder.find(at(root, 1, 0), new TsdlPath("n"))).containsSame(at(root, 0));
    }

    @Test
    void locationsOfCtf2AreNamesFromTheRootOn() {
        enter(Scope.PACKET_CONTEXT, CtfVersion.CTF_2, member("cpu", unsigned(8)));
        enter(Scope.COMMON_CONTEXT, CtfVersion.CTF_2, member("len", unsigned(8)));
        FieldNode root =
                enter(
                        Scope.PAYLOAD,
                        CtfVersion.CTF_2,
                        member(
                                "outer",
                                structure(
                                        member("m", unsigned(8)),
                                        member(
                                                "inner",
                                                structure(
                                                        member(
                                                                "a",
                                                                new SequenceClass(
                                                                        unsigned(8), "")))))));
        FieldNode place = at(root, 0, 1, 0);
        FieldLocation relative = new Relative(1, List.of("m"));

        assertThat(finder.find(place, relative)).containsSame(at(root, 0, 0));
        assertThat(FieldFinder.names(place, relative)).containsExactly("outer", "m");
        assertThat(finder.find(place, new Absolute(Scope.COMMON_CONTEXT, List.of("len"))))
                .isPresent();
        assertThat(finder.find(place, new Absolute(Scope.PACKET_CONTEXT, List.of("cpu"))))
                .isEmpty();
        assertThat(finder.find(place, new Relative(9, List.of("m")))).isEmpty();
    }
}
