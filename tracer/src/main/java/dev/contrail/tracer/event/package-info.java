// SPDX-License-Identifier: Apache-2.0

/// Event classes, and the classes spun to record them. Start at [InterfaceBinder].
package dev.contrail.tracer.event;
