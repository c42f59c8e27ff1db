// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentSessionTest {
    @TempDir Path home;
    private CurrentSession contrail;
    private CurrentSession lttng;

    @BeforeEach
    void open() {
        var places = new Places(0, home, home.resolve("run"));
        contrail = new CurrentSession(places, EntryPoint.CONTRAIL);
        lttng = new CurrentSession(places, EntryPoint.LTTNG);
    }

    @Test
    void saysHowToCreateOneWhenThereIsNone() {
        assertThatThrownBy(lttng::name)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.hints())
                                        .containsExactly(
                                                "Did you create a session? (lttng create"
                                                        + " <my_session>)"))
                .hasMessage("Can't find valid lttng config " + home.resolve(".lttngrc"));
        assertThatThrownBy(contrail::name).hasMessageContaining("contrail create makes one");
    }

    @Test
    void leavesTheFileOfLttngToLttng() throws IOException, Failure {
        contrail.set("one");

        assertThat(home.resolve(".lttngrc")).doesNotExist();
        assertThat(lttng.name()).isEqualTo("one");
    }

    @Test
    void keepsBothFilesAsLttng() throws IOException, Failure {
        lttng.set("two");

        assertThat(home.resolve(".lttngrc")).hasContent("session=two");
        assertThat(contrail.name()).isEqualTo("two");
    }

    @Test
    void meansTheOneThatWasSetLast() throws IOException, Failure {
        lttng.set("script");
        contrail.set("person");
        setAge(".lttngrc", 1000);
        setAge(".contrailrc", 2000);
        assertThat(lttng.name()).isEqualTo("person");

        setAge(".lttngrc", 3000);
        assertThat(lttng.name()).isEqualTo("script");
    }

    @Test
    void forgetsOnlyTheSessionThatIsMeant() throws IOException, Failure {
        lttng.set("two");
        lttng.clear("other");
        assertThat(lttng.name()).isEqualTo("two");

        lttng.clear("two");
        assertThat(home.resolve(".lttngrc")).doesNotExist();
        assertThat(home.resolve(".contrailrc")).doesNotExist();
    }

    private void setAge(String file, long millis) throws IOException {
        Files.setLastModifiedTime(home.resolve(file), FileTime.fromMillis(millis));
    }
}
