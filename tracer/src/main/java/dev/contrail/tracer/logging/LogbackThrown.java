// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What Logback has of an exception, its `IThrowableProxy`: it has asked the exception already, and
/// nobody needs to do it again.
final class LogbackThrown implements ThrownText.View {
    private static final String FRAMES = "getStackTraceElementProxyArray";
    private static final ThrownText.View[] NONE = {};

    private static final ClassValue<Access> ACCESS =
            Getters.once("ch.qos.logback.classic.spi.IThrowableProxy", Access::new);

    private static final class Access {
        final Function<Object, Object> type;
        final Function<Object, Object> message;
        final Function<Object, Object> frames;
        final Function<Object, Object> frame;
        final Function<Object, Object> cause;
        final Function<Object, Object> suppressed;

        Access(Getters proxy) throws ReflectiveOperationException {
            type = proxy.object("getClassName");
            message = proxy.object("getMessage");
            frames = proxy.object(FRAMES);
            frame = proxy.ofElements(FRAMES).object("getStackTraceElement");
            cause = proxy.object("getCause");
            suppressed = proxy.object("getSuppressed");
        }
    }

    private final Object proxy;
    private final Access access;

    private LogbackThrown(Object proxy) {
        this.proxy = proxy;
        this.access = ACCESS.get(proxy.getClass());
    }

    static ThrownText.View of(Object proxy) {
        return new LogbackThrown(proxy);
    }

    @Override
    public String head() {
        return ThrownText.head(
                (String) access.type.apply(proxy), (String) access.message.apply(proxy));
    }

    @Override
    public StackTraceElement[] frames() {
        Object[] steps = (Object[]) access.frames.apply(proxy);
        StackTraceElement[] frames = new StackTraceElement[steps == null ? 0 : steps.length];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = (StackTraceElement) access.frame.apply(steps[i]);
        }
        return frames;
    }

    @Override
    public ThrownText.@Nullable View cause() {
        Object cause = access.cause.apply(proxy);
        return cause == null ? null : of(cause);
    }

    @Override
    public ThrownText.View[] suppressed() {
        Object[] proxies = (Object[]) access.suppressed.apply(proxy);
        if (proxies == null || proxies.length == 0) {
            return NONE;
        }
        ThrownText.View[] views = new ThrownText.View[proxies.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = of(proxies[i]);
        }
        return views;
    }

    @Override
    public Object identity() {
        return proxy;
    }
}
