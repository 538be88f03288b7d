//! Writing to a terminal that may have a status line.

use std::io::{self, IsTerminal, Write};

use tallywire_runtime::telemetry::CLEAR_LINE;

/// Clears the status line, where there can be one.
pub(crate) fn clear_line() {
    if io::stderr().is_terminal() {
        eprint!("{CLEAR_LINE}");
    }
}

/// Writes a text to standard output; false when nobody reads it any more.
pub(crate) fn print(text: &str) -> bool {
    clear_line();
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_ok()
}
