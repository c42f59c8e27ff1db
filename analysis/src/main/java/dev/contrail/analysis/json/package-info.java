// SPDX-License-Identifier: Apache-2.0
/// Events as JSON, one per line.
///
/// Start at [JsonSink]. Below it: `text`, for its buffer.
package dev.contrail.analysis.json;
