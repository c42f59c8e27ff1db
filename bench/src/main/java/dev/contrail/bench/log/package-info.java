// SPDX-License-Identifier: Apache-2.0
/// What log calls cost that are recorded: Log4j 2 and Logback, beside the same calls to an
/// appender.
package dev.contrail.bench.log;
