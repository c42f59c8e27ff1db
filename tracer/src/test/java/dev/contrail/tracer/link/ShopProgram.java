// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Level;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.util.logging.Logger;

/// A traced program. Its first argument says what it does; it reads a line before each next step.
final class ShopProgram {
    @Provider("shop")
    interface Shop {
        @Level(Level.INFO)
        void paid(@Field("order") long order, @Field("currency") String currency);
    }

    private ShopProgram() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "events":
                Shop shop = Tracer.bind(Shop.class);
                for (int i = 0; i < 100; i++) shop.paid(i, i % 2 == 0 ? "EUR" : "€");
                break;
            case "steps":
                Shop steps = Tracer.bind(Shop.class);
                for (int i = 0; ; i++) {
                    steps.paid(i, "EUR");
                    System.out.println("step " + i);
                    if (System.in.read() < 0) break;
                }
                break;
            case "log":
                Logger.getLogger("shop.till").info("first");
                Logger.getLogger("shop.till")
                        .logp(java.util.logging.Level.WARNING, "Till", "open", "drawer {0}", 7);
                Logger.getLogger("shop.till").fine("not loggable");
                Logger.getLogger("other").info("not wanted");
                System.out.println(
                        java.util.logging.LogManager.getLogManager().getClass().getName());
                break;
            case "reset":
                Logger till = Logger.getLogger("shop.till");
                till.info("first");
                java.util.logging.LogManager.getLogManager().reset();
                till.info("after reset");
                java.util.logging.LogManager.getLogManager().readConfiguration();
                till.info("after readConfiguration");
                till.setUseParentHandlers(false);
                till.info("without parent");
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }
}
