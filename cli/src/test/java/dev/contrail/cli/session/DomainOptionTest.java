// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.DomainName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class DomainOptionTest {
    @Test
    void namesEveryDomain() {
        CommandSpec spec = DomainOption.addTo(CommandSpec.create());
        String[] all = spec.options().stream().map(each -> each.names()[0]).toArray(String[]::new);

        assertThat(DomainOption.all(new CommandLine(spec).parseArgs(all)))
                .containsExactlyInAnyOrder(DomainName.values());
    }
}
