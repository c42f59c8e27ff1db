// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.recorder.SessionDaemon;
import dev.contrail.wire.control.DomainName;

/// Hands the daemon its kernel domain, where the system allows one.
final class KernelDoor {
    private KernelDoor() {}

    static void open(SessionDaemon daemon, Places places) {
        daemon.refuse(DomainName.KERNEL, "Kernel tracer not available");
    }
}
