//! The entities stage as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    tallywire_runtime::service::main(tallywire_entities::NAME, tallywire_entities::run)
}
