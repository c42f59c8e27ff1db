// SPDX-License-Identifier: Apache-2.0
/// What one event costs the program that emits it. Run it by `bench/event-cost.sh`.
package dev.contrail.bench.event;
