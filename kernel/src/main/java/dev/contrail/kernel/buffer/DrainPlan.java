// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

/// How many threads look after the rings of one channel, which share its CPUs among them.
///
/// A thread converts some eight million events a second, and takes the sub-buffers of some fifty
/// million out of the kernel: of 64 CPUs with 200,000 events each, eight threads that convert have
/// five times as much as they need. A machine of up to 15 CPUs has one of each.
///
/// @param drains threads that take sub-buffers out of the kernel, 0 when who converts does that
/// @param converters threads that convert, with the one that asks
public record DrainPlan(int drains, int converters) {
    private static final int CPUS_A_DRAIN = 16;
    private static final int MOST_DRAINS = 4;
    private static final int CPUS_A_CONVERTER = 8;
    private static final int MOST_CONVERTERS = 8;

    static DrainPlan of(int cpus) {
        return new DrainPlan(
                Math.clamp(cpus / CPUS_A_DRAIN, 1, MOST_DRAINS),
                Math.clamp(cpus / CPUS_A_CONVERTER, 1, MOST_CONVERTERS));
    }

    /// For the processors of this process; two numbers in the property `contrail.kernel.threads`,
    /// such as `2,4`, take its place.
    public static DrainPlan ofThisMachine() {
        String[] wanted = System.getProperty("contrail.kernel.threads", "").split(",");
        return wanted.length == 2
                ? new DrainPlan(Integer.parseInt(wanted[0]), Integer.parseInt(wanted[1]))
                : of(Runtime.getRuntime().availableProcessors());
    }

    /// Whether threads of their own take sub-buffers out of the kernel.
    public boolean isAside() {
        return drains > 0;
    }
}
