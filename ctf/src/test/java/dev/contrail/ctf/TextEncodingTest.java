// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextEncodingTest {
    @ParameterizedTest
    @EnumSource
    void keepsAByteOrderMarkAsTheCharacterThatItIs(TextEncoding encoding) {
        for (String text : new String[] {"", "a", "\ufeff", "\ufeffa\ufeff", "\ufeff\ufeff"}) {
            assertThat(encoding.decode(text.getBytes(encoding.charset()))).isEqualTo(text);
        }
    }
}
