// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.link.FrameFormat;
import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication;
import dev.contrail.tracer.link.FromDaemon;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A program that was started with an agent of another build, and runs on.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AgentVersionSystemTest {
    @Test
    void isNamedWithWhatToDo() throws Exception {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "s", "--snapshot");
            machine.succeed("enable-event", "-u", "-a");
            machine.succeed("start");
            Path socket = machine.root().resolve("run/apps.sock");
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                var frames = new Frames(channel);
                frames.write(
                        new FromApplication.Hello(
                                FrameFormat.VERSION - 1,
                                ProcessHandle.current().pid(),
                                1,
                                "/dev/shm/contrail-0",
                                "25",
                                "org.old.Service",
                                0));
                assertThat(frames.readFromDaemon())
                        .isEqualTo(new FromDaemon.Welcome(FrameFormat.VERSION));
                assertThat(frames.readFromDaemon()).isNull();
            }
            Machine.await(
                    "the program's name",
                    () ->
                            machine.succeed("status")
                                    .contains("Service (" + ProcessHandle.current().pid() + ")"));
            assertThat(machine.succeed("status"))
                    .contains(
                            "its agent speaks version %d of the link"
                                    .formatted(FrameFormat.VERSION - 1))
                    .contains("start it anew with -javaagent:$(contrail agent)");
        }
    }
}
