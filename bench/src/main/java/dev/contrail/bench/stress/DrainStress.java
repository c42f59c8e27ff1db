// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.stress;

import dev.contrail.tracer.ring.PoolMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A consumer frees blocks that the writer takes again.
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "all records are whole and in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "that many are not")
@State
public class DrainStress {
    private static final StressedPool POOL = new StressedPool(PoolMode.DISCARD, 4);

    @Actor
    public void writer() {
        POOL.write(200);
    }

    @Actor
    public void reader(I_Result result) {
        result.r1 = POOL.badInDrain();
    }
}
