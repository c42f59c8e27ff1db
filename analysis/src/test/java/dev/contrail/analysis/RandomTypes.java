// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/// Field classes of CTF 1.8: how TSDL declares them, and random values of them in bits.
final class RandomTypes {
    private RandomTypes() {}

    /// A field class; `declare` gives `TYPE NAME` with dimensions where C has them.
    interface Type {
        int alignment();

        String declare(String name);

        void write(RandomBits out);
    }

    record Member(String name, Type type) {}

    /// An integer or enumeration that others may refer to.
    static final class Number implements Type {
        final int bits;
        final int alignment;
        final boolean isBig;
        final String declaration;

        /// The values that it may have; all when there are none.
        private final List<Long> choice;

        private long last;

        Number(int bits, int alignment, boolean isBig, String declaration, List<Long> choice) {
            this.bits = bits;
            this.alignment = alignment;
            this.isBig = isBig;
            this.declaration = declaration;
            this.choice = choice;
        }

        @Override
        public int alignment() {
            return alignment;
        }

        /// Whether all of its values are small enough for lengths.
        boolean isLength() {
            return choice == RandomTsdl.LENGTHS;
        }

        @Override
        public String declare(String name) {
            return declaration + " " + name;
        }

        @Override
        public void write(RandomBits out) {
            put(
                    out,
                    choice.isEmpty()
                            ? extreme(out.random(), bits)
                            : choice.get(out.random().nextInt(choice.size())));
        }

        void put(RandomBits out, long value) {
            last = value;
            out.align(alignment).put(value, bits, isBig);
        }
    }

    record Text(String declaration) implements Type {
        @Override
        public int alignment() {
            return 8;
        }

        @Override
        public String declare(String name) {
            return declaration + " " + name;
        }

        @Override
        public void write(RandomBits out) {
            out.align(8);
            out.text(1 + out.random().nextInt(12));
            out.put(0, 8, false);
        }
    }

    /// Members with what they need before them, and what follows them in memory.
    record Structure(List<Member> members, int minimum, String name, String declaration)
            implements Type {
        @Override
        public int alignment() {
            return members.stream()
                    .mapToInt(each -> each.type().alignment())
                    .reduce(minimum, Math::max);
        }

        @Override
        public String declare(String declared) {
            return declaration + " " + declared;
        }

        @Override
        public void write(RandomBits out) {
            out.align(alignment());
            members.forEach(each -> each.type().write(out));
        }
    }

    static String body(List<Member> members) {
        return members.stream()
                .map(each -> each.type().declare(each.name()) + "; ")
                .collect(Collectors.joining("", "{ ", "}"));
    }

    record Repeated(Type element, Number length, int count, String dimension) implements Type {
        @Override
        public int alignment() {
            return element.alignment();
        }

        @Override
        public String declare(String name) {
            return element.declare(name + "[" + dimension + "]");
        }

        @Override
        public void write(RandomBits out) {
            out.align(alignment());
            for (long i = length == null ? count : length.last; i > 0; i--) {
                element.write(out);
            }
        }
    }

    /// The characters of a text array.
    record Characters(String declaration) implements Type {
        @Override
        public int alignment() {
            return 8;
        }

        @Override
        public String declare(String name) {
            return declaration + " " + name;
        }

        @Override
        public void write(RandomBits out) {
            out.align(8).text(1);
        }
    }

    record Choice(Number tag, Map<Long, Type> options, String declaration) implements Type {
        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public String declare(String name) {
            return declaration + " " + name;
        }

        @Override
        public void write(RandomBits out) {
            options.get(tag.last).write(out);
        }
    }

    static long extreme(Random random, int bits) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> 1L << bits - 1;
            case 3 -> (1L << bits - 1) - 1;
            case 4 -> random.nextInt(20) - 5;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }
}
