// SPDX-License-Identifier: Apache-2.0
/// Programs that make the kernel emit events. Run them by `bench/kernel-rate.sh` and
/// `bench/kernel-event-cost.sh`.
package dev.contrail.bench.kernel;
