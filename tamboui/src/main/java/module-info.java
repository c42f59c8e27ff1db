// Of TamboUI and of JLine. Their jars are four modules and an automatic one, which no start-up
// cache takes, and most of JLine's reads command lines and holds native libraries for other
// machines.
/// Full-screen terminals: what `contrail top` draws with (TamboUI), and the way to the terminal
/// (JLine).
module dev.tamboui {
    requires jdk.jfr;

    opens dev.tamboui.tui.bindings; // its resources

    exports dev.tamboui.backend.jline3;
    exports dev.tamboui.buffer;
    exports dev.tamboui.layout;
    exports dev.tamboui.style;
    exports dev.tamboui.terminal;
    exports dev.tamboui.text;
    exports dev.tamboui.tui.event;
    exports dev.tamboui.widget;
    exports dev.tamboui.widgets.block;
    exports dev.tamboui.widgets.paragraph;
    exports dev.tamboui.widgets.sparkline;
    exports dev.tamboui.widgets.tabs;
    exports org.jline.terminal;
}
