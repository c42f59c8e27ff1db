// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.BitArrayClass;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.DynamicBlobClass;
import dev.contrail.ctf.FieldClass.DynamicTextClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Makes up traces with field classes of every kind.
public final class RandomLayouts {
    private static final int MAX_DEPTH = 3;

    private final Random random;
    private final ByteOrder order;

    /// Whether fields may start inside a byte.
    private final boolean isPacked;

    private int names;

    private RandomLayouts(Random random) {
        this.random = random;
        this.order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        this.isPacked = random.nextInt(3) == 0;
    }

    /// A trace with one stream class of up to four event classes.
    public static Metadata metadata(Random random) {
        return new RandomLayouts(random).metadata();
    }

    private Metadata metadata() {
        var clock = new ClockClass("c", "", "", 1000, 0, 0, 0, true);
        var trace =
                new TraceClass(
                        CtfVersion.CTF_2,
                        Identity.NONE,
                        TraceClass.NO_UUID,
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        new LinkedHashMap<>(),
                        List.of(clock));
        int events = 1 + random.nextInt(4);
        var stream =
                new StreamClass(
                        0,
                        Identity.NONE,
                        "c",
                        random.nextBoolean() ? StructureClass.ABSENT : structure(2),
                        header(events),
                        random.nextInt(3) == 0 ? structure(2) : StructureClass.ABSENT);
        var classes = new ArrayList<EventClass>();
        for (int id = 0; id < events; id++) {
            StructureClass context = random.nextInt(3) == 0 ? structure(2) : StructureClass.ABSENT;
            classes.add(new EventClass(id * 3, 0, "e" + id, -1, context, structure(5)));
        }
        return new Metadata(trace, List.of(stream), classes, List.of(), List.of());
    }

    private StructureClass header(int events) {
        var members = new ArrayList<Member>();
        if (events > 1 || random.nextBoolean()) {
            var id = integer(isPacked ? 5 : 16, isPacked ? 1 : 8, Set.of(Role.EVENT_CLASS_ID));
            members.add(new Member("id", id));
        }
        int timeBits = isPacked ? 27 : 8 << random.nextInt(4);
        members.add(new Member("t", integer(timeBits, isPacked ? 1 : 8, Set.of(Role.BEGIN))));
        return new StructureClass(members, random.nextInt(4) == 0 ? 1 : 8 << random.nextInt(3));
    }

    private IntegerClass integer(int bits, int alignment, Set<Role> roles) {
        return new IntegerClass(bits, alignment, false, order, false, 10, false, "", roles);
    }

    private StructureClass structure(int most) {
        return structure(most, 0);
    }

    private StructureClass structure(int most, int depth) {
        var members = new ArrayList<Member>();
        for (int count = random.nextInt(most + 1); count >= 0; count--) {
            add(members, depth);
        }
        return new StructureClass(members, random.nextInt(4) == 0 ? 8 << random.nextInt(4) : 1);
    }

    /// Adds a field, and before it the one that says its length or whether it is there.
    private void add(List<Member> members, int depth) {
        String key = "k" + names++;
        var location = new FieldLocation.Relative(0, List.of(key));
        int kind = random.nextInt(depth < MAX_DEPTH ? 17 : 12);
        FieldClass field =
                switch (kind) {
                    case 8 -> new DynamicTextClass(location, TextEncoding.UTF_8);
                    case 9 -> new DynamicBlobClass(location, "x/y");
                    case 12 -> new SequenceClass(element(depth), location, minimumAlignment());
                    case 13 -> new OptionalClass(element(depth), location, ranges(1, 2));
                    case 14 ->
                            new RangeVariantClass(
                                    location,
                                    List.of(
                                            new Option("a", element(depth), ranges(0, 0)),
                                            new Option("b", element(depth), ranges(1, 2)),
                                            new Option("c", element(depth), ranges(3, 9))));
                    default -> withoutKey(kind, depth);
                };
        boolean hasKey = kind == 8 || kind == 9 || kind >= 12 && kind <= 14;
        if (hasKey) {
            members.add(new Member(key, key()));
        } else if (random.nextInt(8) == 0) {
            var flag = "f" + names++;
            members.add(new Member(flag, new BooleanClass(bits(), alignment(), order, reversed())));
            field =
                    new OptionalClass(
                            field, new FieldLocation.Relative(0, List.of(flag)), List.of());
        }
        members.add(new Member("m" + names++, field));
    }

    private FieldClass withoutKey(int kind, int depth) {
        return switch (kind) {
            case 0, 1, 2 -> number();
            case 3 -> new VariableIntegerClass(random.nextBoolean(), 10, Set.of());
            case 4 -> floatingPoint();
            case 5 -> bits(List.of(new Mapping("x", 0, 0)));
            case 6, 7 -> new TextClass(encoding());
            case 10 -> new StaticTextClass(4 * random.nextInt(4), encoding());
            case 11 -> new StaticBlobClass(random.nextInt(20), "x/y", Set.of());
            case 15 -> structure(3, depth + 1);
            default -> new ArrayClass(element(depth), random.nextInt(9), minimumAlignment());
        };
    }

    private FieldClass bits(List<Mapping> flags) {
        return random.nextBoolean()
                ? new BitArrayClass(bits(), alignment(), order, reversed())
                : new BitMapClass(bits(), alignment(), order, reversed(), flags);
    }

    private FieldClass element(int depth) {
        return random.nextInt(3) == 0 ? structure(2, depth + 1) : leaf();
    }

    private FieldClass leaf() {
        return switch (random.nextInt(5)) {
            case 0 -> new TextClass(TextEncoding.UTF_8);
            case 1 -> floatingPoint();
            default -> number();
        };
    }

    /// A length or selector: the writer gives it small values.
    private FieldClass key() {
        return random.nextInt(4) == 0
                ? new VariableIntegerClass(false, 10, Set.of())
                : integer(Math.max(2, bits()), alignment(), Set.of());
    }

    private FieldClass number() {
        int bits = bits();
        boolean isWhole = bits % 8 == 0;
        int alignment = alignment();
        boolean mayDiffer = isWhole && alignment >= 8;
        ByteOrder own = mayDiffer && random.nextBoolean() ? ByteOrder.BIG_ENDIAN : order;
        var integer =
                new IntegerClass(
                        bits,
                        alignment,
                        random.nextBoolean(),
                        own,
                        reversed(),
                        10,
                        false,
                        "",
                        Set.of());
        return random.nextInt(5) == 0
                ? new EnumerationClass(integer, List.of(new Mapping("x", 0, 1)))
                : integer;
    }

    private FieldClass floatingPoint() {
        return switch (random.nextInt(4)) {
            case 0 -> new FloatClass(5, 11, alignment(), order, reversed());
            case 1 -> new FloatClass(15, 113, alignment(), order, reversed());
            case 2 -> new FloatClass(8, 24, alignment(), order, reversed());
            default -> new FloatClass(11, 53, alignment(), order, reversed());
        };
    }

    private boolean reversed() {
        return random.nextInt(6) == 0;
    }

    private int bits() {
        return isPacked && random.nextBoolean() ? 1 + random.nextInt(64) : 8 << random.nextInt(4);
    }

    private int alignment() {
        return isPacked && random.nextBoolean() ? 1 : 8 << (random.nextInt(4) & random.nextInt(4));
    }

    private int minimumAlignment() {
        return random.nextInt(3) == 0 ? 8 << random.nextInt(4) : 1;
    }

    private TextEncoding encoding() {
        return TextEncoding.values()[random.nextInt(TextEncoding.values().length)];
    }

    private static List<Range> ranges(int lower, int upper) {
        return List.of(new Range(BigInteger.valueOf(lower), BigInteger.valueOf(upper)));
    }
}
