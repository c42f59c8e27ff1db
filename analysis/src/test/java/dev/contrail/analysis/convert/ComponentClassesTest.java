// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComponentClassesTest {
    @Test
    void listsThePluginsAndTheirClasses() throws UsageException {
        assertThat(new ComponentClasses(List.of()).list())
                .startsWith(
                        """
                        From the following plugin paths:

                          [ ]

                        Found 12 component classes in 4 plugins.

                        text:
                          Built-in
                          Description: Text output
                        """)
                .contains(
                        """
                          Source component classes: (none)
                          Filter component classes:
                            'filter.utils.muxer': Merge streams in time order.
                        """);
    }

    @Test
    void describesAPluginOrAClass() throws UsageException {
        var classes = new ComponentClasses(List.of());
        assertThat(classes.describe("ctf"))
                .startsWith("ctf:\n")
                .endsWith(
                        "  Source component classes: 2\n"
                                + "  Filter component classes: 0\n"
                                + "  Sink component classes: 1\n");
        assertThat(classes.describe("src.ctf.fs"))
                .startsWith(classes.describe("ctf"))
                .contains("\n'source.ctf.fs'\n  Description: Read CTF traces from folders.\n");
        assertThatThrownBy(() -> classes.describe("no"))
                .hasMessage("Cannot find plugin: plugin-name=\"no\"");
        assertThatThrownBy(() -> classes.describe("source.ctf.no"))
                .hasMessageContaining("Cannot find component class: plugin-name=\"ctf\"");
        assertThatThrownBy(() -> new ComponentClasses(List.of(Path.of("nowhere"))))
                .hasMessageContaining("Plugin path nowhere: no such file or directory");
    }
}
