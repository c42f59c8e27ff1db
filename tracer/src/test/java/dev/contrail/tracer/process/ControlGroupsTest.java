// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
    private static List<String> limits(String groups, String mounts) {
        return ControlGroups.limits(groups.lines().toList(), mounts.lines().toList()).stream()
                .map(Path::toString)
                .toList();
    }

    @Test
    void version1AndEveryGroupAbove() {
        assertThat(
                        limits(
                                """
                                5:cpu,cpuacct:/a
                                4:memory:/shop/till
                                0::/
                                """,
                                """
                                31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
                                33 31 0:30 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
                                35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
                                """))
                .containsExactly(
                        "/sys/fs/cgroup/memory/shop/till/memory.limit_in_bytes",
                        "/sys/fs/cgroup/memory/shop/memory.limit_in_bytes",
                        "/sys/fs/cgroup/memory/memory.limit_in_bytes");
    }

    @Test
    void version2() {
        assertThat(
                        limits(
                                "0::/user.slice/shop.service\n",
                                "26 22 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"))
                .containsExactly(
                        "/sys/fs/cgroup/user.slice/shop.service/memory.max",
                        "/sys/fs/cgroup/user.slice/memory.max",
                        "/sys/fs/cgroup/memory.max");
    }

    @Test
    void aContainerWithThePathsOfItsHost() {
        assertThat(
                        limits(
                                "4:memory:/docker/c0ffee\n",
                                "35 31 0:32 /docker/c0ffee /cg/memory ro - cgroup cgroup rw,memory\n"))
                .containsExactly("/cg/memory/memory.limit_in_bytes");
        assertThat(
                        limits(
                                "4:memory:/docker/c0ffee/inner\n",
                                "35 31 0:32 /docker/c0ffee /cg/memory ro - cgroup cgroup rw,memory\n"))
                .containsExactly(
                        "/cg/memory/inner/memory.limit_in_bytes",
                        "/cg/memory/memory.limit_in_bytes");
        assertThat(
                        limits(
                                "4:memory:/elsewhere\n",
                                "35 31 0:32 /docker/c0ffee /cg/memory ro - cgroup cgroup rw,memory\n"))
                .containsExactly("/cg/memory/memory.limit_in_bytes");
    }

    @Test
    void linesThatAreNone() {
        assertThat(limits("nonsense\n4:memory\n", "nonsense\n - \n1 2 3 - cgroup2 x rw\n"))
                .isEmpty();
    }

    @Test
    void whatALimitLeaves(@TempDir Path group) throws Exception {
        Path limit = group.resolve("memory.limit_in_bytes");
        assertThat(ControlGroups.bytesLeft(limit)).isEqualTo(Long.MAX_VALUE);
        Files.writeString(limit, "1000000\n");
        Files.writeString(group.resolve("memory.usage_in_bytes"), "400000\n");
        Files.writeString(
                group.resolve("memory.stat"), "inactive_file 7\ntotal_inactive_file 50000\n");
        assertThat(ControlGroups.bytesLeft(limit)).isEqualTo(650_000);
        Path max = group.resolve("memory.max");
        Files.writeString(max, "300000\n");
        Files.writeString(group.resolve("memory.current"), "400000\n");
        assertThat(ControlGroups.bytesLeft(max)).isZero();
        Files.writeString(max, "max\n");
        assertThat(ControlGroups.bytesLeft(max)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void processesThatTheKernelHasKilledOfEitherVersion(@TempDir Path group) throws Exception {
        Path events = Files.writeString(group.resolve("memory.events"), "oom 4\noom_kill 3\n");
        Path control =
                Files.writeString(group.resolve("memory.oom_control"), "under_oom 0\noom_kill 2\n");
        assertThat(ControlGroups.kills(events)).isEqualTo(3);
        assertThat(ControlGroups.kills(control)).isEqualTo(2);
        assertThat(ControlGroups.kills(group.resolve("gone"))).isZero();
    }
}
