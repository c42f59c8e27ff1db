// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.text.TextBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetailsTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0                    | false | 10 | 0
                    9999                 | false | 10 | 9999
                    10000                | false | 10 | 10,000
                    -1                   | false | 10 | 18,446,744,073,709,551,615
                    -9999                | true  | 10 | -9999
                    -123456              | true  | 10 | -123,456
                    -9223372036854775808 | true  | 10 | -9,223,372,036,854,775,808
                    -1                   | false | 16 | 0xffff:ffff:ffff:ffff
                    -74565               | true  | 16 | -0x1:2345
                    5                    | false | 2  | 0x5
                    -1                   | false | 8  | 01:777:777:777:777:777:777:777
                    -8                   | true  | 8  | -010
                    """)
    void groupsDigits(long value, boolean isSigned, int base, String wanted) throws IOException {
        var buffer = new TextBuffer();
        new DetailsText(buffer, false).number(value, isSigned, base);
        var out = new ByteArrayOutputStream();
        buffer.flush(out);

        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(wanted);
    }
}
