// SPDX-License-Identifier: Apache-2.0
package dev.contrail.samples.shop;

import dev.contrail.tracer.Provider;

/// The shop's tracepoints: `shop:ordered`, `shop:reserved`, …
@Provider("shop")
public interface ShopEvents {
    /// A customer has sent an order.
    void ordered(long orderId, String customer, int articles);

    /// The articles were taken from the stock.
    void reserved(long orderId, String article, int left);

    /// The card terminal was asked for the money.
    void charging(long orderId, int cents, String currency);

    /// The money has come.
    void paid(long orderId, int cents, long nanos);

    /// The order could not be carried out.
    void failed(long orderId, String reason);
}
