// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.tamboui.style.Style;

/// How parts of the screen stand out: with colours, or without where those are not wanted.
record Theme(
        Style plain, Style title, Style quiet, Style good, Style busy, Style bad, Style marked) {

    static Theme of(boolean isColoured) {
        Style plain = Style.EMPTY;
        return isColoured
                ? new Theme(
                        plain,
                        plain.bold().cyan(),
                        plain.dim(),
                        plain.green(),
                        plain.yellow(),
                        plain.bold().red(),
                        plain.reversed())
                : new Theme(
                        plain,
                        plain.bold(),
                        plain,
                        plain,
                        plain.bold(),
                        plain.bold(),
                        plain.reversed());
    }
}
