// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Methods of many kinds, and what they do as a text.
public final class Behaviour {
    private static final List<String> SAID = new ArrayList<>();
    private static int calls;

    private Behaviour() {}

    private abstract static class Shape implements Comparable<Shape> {
        final String name;
        private final long[] sizes;

        Shape(String name, long... sizes) {
            this.name = name;
            this.sizes = sizes;
        }

        Shape(int number) {
            this(number > 2 ? "many" : new StringBuilder("few").append(number).toString(), number);
        }

        abstract Object area();

        @Override
        public int compareTo(Shape other) {
            return Long.compare(sizes[0], other.sizes[0]);
        }
    }

    private static final class Square extends Shape {
        Square(int number) {
            super(number);
        }

        Square() {
            this(7);
        }

        Square(String bad) {
            super(Integer.parseInt(bad));
        }

        @Override
        Double area() {
            return 2.5;
        }

        final class Inner {
            final String text;

            Inner(Object given) {
                if (given == null) {
                    throw new IllegalArgumentException("null in " + name);
                }
                text = name + given;
            }
        }
    }

    private static final class LateStart {
        static final long VALUE = start(3);

        private static long start(long from) {
            return from * 14;
        }
    }

    private static long fibonacci(int of) {
        return of < 2 ? of : fibonacci(of - 1) + fibonacci(of - 2);
    }

    private static int loop(int from) {
        while (true) {
            if ((from & 7) == 0) {
                return from;
            }
            from++;
        }
    }

    private static String choose(Object given) {
        switch (given.toString()) {
            case "a":
                return "A";
            case "bb":
                return "BB";
            default:
                break;
        }
        switch (given.hashCode() & 3) {
            case 0:
                return "null";
            case 1:
                return "eins";
            case 3:
                return "drei";
            default:
                return "sonst";
        }
    }

    private static double mixed(
            long wide, float half, byte small, char letter, boolean flag, int... rest) {
        double sum = wide + half + small + letter;
        for (int each : rest) {
            long local = each * 2L;
            sum += flag ? local : -local;
        }
        return sum;
    }

    private static int caught(int count) {
        int total = 0;
        for (int i = 0; i < count; i++) {
            try {
                total += thrower(i);
            } catch (IllegalStateException e) {
                total += 100;
            } finally {
                total++;
            }
        }
        return total;
    }

    private static int thrower(int i) {
        if (i % 3 == 0) {
            throw new IllegalStateException("three " + i);
        }
        return i;
    }

    @SuppressWarnings("finally")
    private static int lastWord() {
        try {
            return thrower(0);
        } finally {
            return 5;
        }
    }

    private synchronized int locked(int by) {
        synchronized (SAID) {
            calls += by;
            if (by == 13) {
                throw new UnsupportedOperationException("13");
            }
            return calls;
        }
    }

    private static <T extends Comparable<T>> T most(List<T> of) {
        return of.stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    private static int[][] table(int size) {
        int[][] made = new int[size][];
        for (int i = 0; i < size; i++) {
            made[i] = new int[] {i, i * i};
        }
        return made;
    }

    private static void deep(int[] depth) {
        depth[0]++;
        deep(depth);
    }

    private static void say(Object what) {
        SAID.add(String.valueOf(what));
    }

    private interface Attempt {
        Object make();
    }

    private static void attempt(Attempt attempt) {
        try {
            say(attempt.make());
        } catch (RuntimeException | StackOverflowError e) {
            say(e instanceof StackOverflowError ? "overflow" : e);
        }
    }

    /// All of it.
    public static synchronized String run() {
        SAID.clear();
        calls = 0;
        attempt(() -> fibonacci(12));
        attempt(() -> loop(3) + loop(8));
        attempt(() -> choose("a") + choose("bb") + choose("xyz") + choose(5) + choose(6));
        attempt(() -> choose(null));
        attempt(() -> mixed(1L << 40, 0.5f, (byte) -3, 'x', true, 1, 2, 3));
        attempt(() -> mixed(-1, Float.MIN_VALUE, (byte) 127, '\uffff', false));
        attempt(() -> caught(10));
        attempt(() -> thrower(3));
        attempt(Behaviour::lastWord);
        Behaviour behaviour = new Behaviour();
        attempt(() -> behaviour.locked(12));
        attempt(() -> behaviour.locked(13));
        attempt(() -> behaviour.locked(14));
        attempt(() -> new Square().name + new Square(1).name + new Square("12").area());
        attempt(() -> new Square("no number"));
        attempt(() -> new Square(2).new Inner("x").text);
        attempt(() -> new Square(2).new Inner(null));
        attempt(() -> ((Shape) new Square(4)).area());
        attempt(() -> most(List.of(3, 1, 2)));
        attempt(() -> table(4)[3][1]);
        attempt(() -> LateStart.VALUE);
        IntUnaryOperator twice = i -> thrower(i) * 2;
        attempt(() -> twice.applyAsInt(4));
        attempt(() -> twice.applyAsInt(9));
        attempt(() -> {
            deep(new int[1]);
            return "";
        });
        return String.join("\n", SAID);
    }
}
