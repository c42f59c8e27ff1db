// SPDX-License-Identifier: Apache-2.0
/// picocli, compiled from its sources.
module info.picocli {
    exports picocli;
}
