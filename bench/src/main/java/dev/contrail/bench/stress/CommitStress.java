// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.stress;

import dev.contrail.tracer.ring.PoolMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// Records appear one by one in an open block while it is copied (rule 1).
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "all records are whole and in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "that many are not")
@State
public class CommitStress {
    private static final StressedPool POOL = new StressedPool(PoolMode.OVERWRITE, 64);

    @Actor
    public void writer() {
        POOL.write(1);
    }

    @Actor
    public void reader(I_Result result) {
        result.r1 = POOL.badInSnapshot();
    }
}
