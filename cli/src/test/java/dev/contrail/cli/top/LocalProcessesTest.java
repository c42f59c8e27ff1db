// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.top.LocalFacts.LocalThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalProcessesTest {
    @TempDir private Path proc;

    @ParameterizedTest
    @CsvSource({
        "java dev.shop.Shop 3, Shop",
        "/usr/bin/java -Xmx1g -cp a.jar:b.jar -XX:+UseSerialGC Shop, Shop",
        "java --add-opens java.base/java.lang=ALL-UNNAMED -jar /srv/shop-1.2.jar --port 80, shop-1.2.jar",
        "java -p mods -m dev.shop/dev.shop.Main x, shop.Main",
        "java --module-path=mods --module=dev.shop/dev.shop.Sale, Sale",
        "java -m dev.shop, shop",
        "java @arguments Shop, Shop",
        "java Main, Main",
        "java shop.Main, shop.Main",
        "java --source 25 scripts/Hello.java, Hello.java",
        "java -version, ''",
        "java -cp, ''",
        "java -jar, ''",
        "java, ''"
    })
    void saysWhatAVirtualMachineRuns(String command, String program) {
        assertThat(LocalProcesses.program(List.of(command.split(" ")))).isEqualTo(program);
    }

    @Test
    void readsCommandsAndDescriptors() throws IOException {
        Files.createDirectories(proc.resolve("12/fd"));
        Files.write(proc.resolve("12/cmdline"), "java\0-jar\0shop.jar\0".getBytes());
        Files.createDirectories(proc.resolve("14"));
        Files.writeString(proc.resolve("14/status"), "Name:\tC2 Compiler\nTgid:\t12\nPid:\t14\n");
        Files.createSymbolicLink(proc.resolve("12/fd/3"), Path.of("/var/log/shop"));
        var processes = new LocalProcesses(proc);

        assertThat(processes.thread(14)).contains(new LocalThread(12, "C2 Compiler"));
        assertThat(processes.thread(15)).isEmpty();
        assertThat(processes.program(12)).isEqualTo("shop.jar");
        assertThat(processes.program(13)).isEmpty();
        assertThat(processes.file(12, 3)).isEqualTo("/var/log/shop");
        assertThat(processes.file(12, 4)).isEmpty();
    }

    @Test
    void knowsThisProcess() {
        assertThat(new LocalProcesses().program(ProcessHandle.current().pid())).isNotEmpty();
    }
}
