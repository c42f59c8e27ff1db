// SPDX-License-Identifier: Apache-2.0
/// What it costs to decode the events of a trace. Run it by `bench/reader.sh`.
package dev.contrail.bench.reader;
