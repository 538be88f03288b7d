//! The cleaner as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    tallywire_runtime::service::main(tallywire_cleaner::NAME, tallywire_cleaner::run)
}
