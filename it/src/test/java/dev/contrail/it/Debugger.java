// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDisconnectEvent;
import java.util.concurrent.TimeUnit;

/// Connects to a JVM that waits for it, and stops it for a moment wherever a method is entered.
final class Debugger {
    private Debugger() {}

    /// Returns when the JVM has ended.
    ///
    /// @return how often it was stopped
    static int countCalls(int port, String type, String method, String signature) throws Exception {
        AttachingConnector sockets =
                Bootstrap.virtualMachineManager().attachingConnectors().stream()
                        .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                        .findFirst()
                        .orElseThrow();
        var arguments = sockets.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        VirtualMachine machine = sockets.attach(arguments);
        var loading = machine.eventRequestManager().createClassPrepareRequest();
        loading.addClassFilter(type);
        loading.enable();
        machine.classesByName(type).forEach(each -> stopAt(each, method, signature));
        machine.resume();
        int calls = 0;
        while (true) {
            EventSet events = machine.eventQueue().remove(TimeUnit.MINUTES.toMillis(5));
            if (events == null) {
                throw new AssertionError("nothing for five minutes, after " + calls + " calls");
            }
            for (Event each : events) {
                switch (each) {
                    case ClassPrepareEvent prepared ->
                            stopAt(prepared.referenceType(), method, signature);
                    case BreakpointEvent _ -> calls++;
                    case VMDisconnectEvent _ -> {
                        return calls;
                    }
                    default -> {} // starts and ends
                }
            }
            events.resume();
        }
    }

    private static void stopAt(ReferenceType type, String method, String signature) {
        Location entry = type.methodsByName(method, signature).getFirst().location();
        type.virtualMachine().eventRequestManager().createBreakpointRequest(entry).enable();
    }
}
