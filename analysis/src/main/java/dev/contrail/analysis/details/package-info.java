// SPDX-License-Identifier: Apache-2.0
/// Messages and metadata with all their details, as `sink.text.details` of babeltrace2 writes them.
///
/// Start at [DetailsSink]. Below it: `text`, for buffer and colours, and `source`, for the streams'
/// plans.
package dev.contrail.analysis.details;
