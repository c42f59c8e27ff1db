// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.util.logging.LogManager;

/// The application's own `LogManager`.
public final class ApplicationLogManager extends LogManager {}
