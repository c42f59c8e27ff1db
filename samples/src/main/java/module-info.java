// SPDX-License-Identifier: Apache-2.0
/// Programs for demonstrations and tests.
module dev.contrail.samples {
    requires dev.contrail.tracer;
    requires java.logging;

    exports dev.contrail.samples.count to
            dev.contrail.tracer;
    exports dev.contrail.samples.shop to
            dev.contrail.tracer;
}
