// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.ring.write.PoolRefusedException;
import java.io.IOException;

/// What an order asks for.
interface Work {
    void run() throws IOException, PoolRefusedException;

    /// Does it.
    ///
    /// @return why it could not be done; empty when it could
    static String attempt(Work work) {
        try {
            work.run();
            return "";
        } catch (PoolRefusedException | IOException e) {
            return PoolRefusedException.reason(e);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return e.toString();
        }
    }
}
