//! The fetcher as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    tallywire_runtime::service::main(tallywire_fetcher::NAME, tallywire_fetcher::run)
}
