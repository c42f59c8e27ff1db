// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.failure.ThrownLog.Thrown;
import org.junit.jupiter.api.Test;

class ThrownLogTest {
    private static final String HEAP =
            """
            Event: 0.960 Thread 0x00007f4e6c18b6f0 Exception <a 'java/lang/OutOfMemoryError'{0x00000000f80b9890}> (0x00000000f80b9890)\s
            thrown [./src/hotspot/share/gc/shared/memAllocator.cpp, line 134]
            """;
    private static final String STACK =
            """
            Event: 12.761 Thread 0x00007f846412fe60 Exception <a 'java/lang/StackOverflowError'{0x00000000fff00348}> (0x00000000fff00348)\s
            thrown [src/hotspot/share/interpreter/interpreterRuntime.cpp, line 359]
            """;
    private static final String MADE_IN_JAVA =
            """
            Event: 1.288 Thread 0x00007f846412fe60 Exception <a 'java/lang/OutOfMemoryError'{0x00000000f8d079b0}: unable to create native thread: possibly out of memory or process/resource limits reached> (0x00000000f8d079b0)\s
            thrown [src/hotspot/share/prims/jvm.cpp, line 2843]
            """;
    private static final String ANOTHER =
            """
            Event: 1.625 Thread 0x00007f4e6c017f30 Exception <a 'java/lang/NoSuchMethodError'{0x00000000f8b3d378}: 'int Shop.pay()'> (0x00000000f8b3d378)\s
            thrown [./src/hotspot/share/interpreter/linkResolver.cpp, line 826]
            """;

    private static final Thrown HEAP_THROWN =
            new Thrown(960, 0x7f4e6c18b6f0L, "java.lang.OutOfMemoryError", "memAllocator.cpp:134");
    private static final Thrown STACK_THROWN =
            new Thrown(
                    12_761,
                    0x7f846412fe60L,
                    "java.lang.StackOverflowError",
                    "interpreterRuntime.cpp:359");

    private final ThrownLog log = new ThrownLog();

    private static String answer(String... events) {
        return "Internal exceptions (%d events):\n".formatted(events.length)
                + String.join("", events)
                + "\n\n";
    }

    @Test
    void findsErrorsThatNoConstructorHasMade() {
        assertThat(log.added(answer(HEAP, ANOTHER, MADE_IN_JAVA, STACK)))
                .containsExactly(HEAP_THROWN, STACK_THROWN);
        assertThat(log.hasGap()).isFalse();
    }

    @Test
    void findsEachOnceWhenItIsSettled() {
        assertThat(log.added(answer(HEAP))).hasSize(1);
        assertThat(log.added(answer(HEAP))).hasSize(1);
        log.settled();
        assertThat(log.added(answer(HEAP))).isEmpty();
        log.settled();
        assertThat(log.added(answer(HEAP, HEAP, STACK))).containsExactly(HEAP_THROWN, STACK_THROWN);
        log.settled();
        assertThat(log.added(answer(STACK, ANOTHER, HEAP))).containsExactly(HEAP_THROWN);
        assertThat(log.hasGap()).isFalse();
    }

    @Test
    void saysWhenThereMayHaveBeenMore() {
        log.added(answer(STACK));
        log.settled();
        assertThat(log.added(answer(HEAP, HEAP))).hasSize(2);
        assertThat(log.hasGap()).isTrue();
        log.settled();
        assertThat(log.added(answer(HEAP, ANOTHER))).isEmpty();
        assertThat(log.hasGap()).isFalse();
        log.settled();
        assertThat(log.added(answer(MADE_IN_JAVA, MADE_IN_JAVA))).isEmpty();
        assertThat(log.hasGap()).isTrue();
    }

    @Test
    void believesNothingWhereAMessageLooksLikeEntries() {
        log.added(answer(STACK));
        log.settled();
        String forged =
                """
                Event: 1.625 Thread 0x00007f4e6c017f30 Exception <a 'java/lang/ClassNotFoundException'{0x00000000f8b3d378}: x
                %s> (0x00000000f8b3d378)\s
                thrown [./src/hotspot/share/classfile/systemDictionary.cpp, line 826]
                """
                        .formatted(HEAP.strip());
        assertThat(log.added(answer(STACK, forged))).isEmpty();
        assertThat(log.hasGap()).isTrue();
        log.settled();
        assertThat(log.added(answer(STACK))).hasSize(1);
    }

    @Test
    void findsNothingInOtherAnswers() {
        assertThat(log.added("")).isEmpty();
        assertThat(log.added("No events\n")).isEmpty();
        assertThat(log.added("\nEvent: \nEvent: 1.0 Thread 0x")).isEmpty();
    }
}
