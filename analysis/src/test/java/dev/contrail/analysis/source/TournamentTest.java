// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TournamentTest {
    private record Entry(long value, int sequence) {}

    private static List<Entry> merged(List<List<Long>> sequences) {
        var tournament = new Tournament(sequences.size());
        int[] next = new int[sequences.size()];
        for (int i = 0; i < next.length; i++) {
            if (sequences.get(i).isEmpty()) {
                tournament.end(i);
            } else {
                tournament.set(i, sequences.get(i).get(next[i]++));
            }
        }
        tournament.begin();
        var merged = new ArrayList<Entry>();
        for (int at = tournament.winner(); at >= 0; at = tournament.winner()) {
            merged.add(new Entry(tournament.leastValue(), at));
            if (next[at] < sequences.get(at).size()) {
                tournament.again(sequences.get(at).get(next[at]++));
            } else {
                tournament.end();
            }
        }
        return merged;
    }

    @Test
    void mergesAnyNumberOfSequencesEqualValuesByTheirPlace() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int count = 0; count < 70; count++) {
            var sequences = new ArrayList<List<Long>>();
            var all = new ArrayList<Entry>();
            for (int i = 0; i < count; i++) {
                int sequence = i;
                List<Long> values =
                        random.longs(random.nextInt(20), -3, 4).sorted().boxed().toList();
                sequences.add(values);
                values.forEach(value -> all.add(new Entry(value, sequence)));
            }
            all.sort(Comparator.comparingLong(Entry::value).thenComparingInt(Entry::sequence));
            assertThat(merged(sequences)).as("seed " + seed + ", " + count).isEqualTo(all);
        }
    }

    @Test
    void takesTheGreatestValueBeforeTheEndOfAnEarlierSequence() {
        List<Long> last = List.of(Long.MAX_VALUE);
        assertThat(merged(List.of(List.of(), last, List.of(), last)))
                .containsExactly(new Entry(Long.MAX_VALUE, 1), new Entry(Long.MAX_VALUE, 3));
    }
}
