// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/// Two machines on a network of their own: two network namespaces and a cable between them.
final class TwoNetworks implements AutoCloseable {
    static final String FIRST_ADDRESS = "10.77.0.1";
    static final String SECOND_ADDRESS = "10.77.0.2";

    private final Machine runner;
    private final String first;
    private final String second;

    private TwoNetworks(Machine runner, String first, String second) {
        this.runner = runner;
        this.first = first;
        this.second = second;
    }

    static TwoNetworks open(Machine runner) throws IOException, InterruptedException {
        String name = "contrail-" + ProcessHandle.current().pid();
        var made = new TwoNetworks(runner, name + "-a", name + "-b");
        made.ip("netns", "add", made.first);
        made.ip("netns", "add", made.second);
        made.ip(
                "link",
                "add",
                "eth0",
                "netns",
                made.first,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                made.second);
        made.address(made.first, FIRST_ADDRESS);
        made.address(made.second, SECOND_ADDRESS);
        return made;
    }

    private void address(String namespace, String address)
            throws IOException, InterruptedException {
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
    }

    private void ip(String... words) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Machine.Result done = runner.run(command);
        assertThat(done.status()).as(done.err()).isZero();
    }

    /// The words before a command that make the first machine run it.
    List<String> onFirst() {
        return List.of("ip", "netns", "exec", first);
    }

    /// The words before a command that make the second machine run it.
    List<String> onSecond() {
        return List.of("ip", "netns", "exec", second);
    }

    @Override
    public void close() throws IOException {
        try {
            runner.run(List.of("ip", "netns", "delete", first));
            runner.run(List.of("ip", "netns", "delete", second));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
