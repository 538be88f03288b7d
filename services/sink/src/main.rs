//! The sink as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    tallywire_runtime::service::main_with::<tallywire_sink::SinkFlags, _>(tallywire_sink::NAME, tallywire_sink::run)
}
