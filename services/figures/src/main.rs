//! The figures stage as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    tallywire_runtime::service::main(tallywire_figures::NAME, tallywire_figures::run)
}
