//! What work costs this process, as Linux counts it.

use std::{fs, time::Duration};

use rustix::time::{ClockId, clock_gettime};

/// What work has cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Processor time, user's and system's, of all threads of the process.
    pub(crate) cpu: Duration,
    /// The most resident memory of the process while it worked, in bytes; good to a few hundred kilobytes.
    pub(crate) peak: u64,
    /// How far that is above what was resident before.
    pub(crate) grown: u64,
}

impl Cost {
    /// Does something, and says what it cost.
    ///
    /// # Panics
    /// On a system without `/proc`.
    pub(crate) fn of<T>(work: impl FnOnce() -> T) -> (T, Self) {
        // What was needed before, to load a page, is not what the work needed.
        fs::write("/proc/self/clear_refs", "5").expect("the peak is reset: proc(5), clear_refs");
        let (resident, begun) = (memory("VmRSS:"), cpu_time());
        let result = work();
        let cpu = cpu_time().saturating_sub(begun);
        let peak = memory("VmHWM:");
        (result, Self { cpu, peak, grown: peak.saturating_sub(resident) })
    }
}

/// Processor time of this process until now: the clock that Python's `time.process_time` reads.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().expect("processor time is not negative")
}

/// A line of `/proc/self/status`, in bytes.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says what the process uses");
    let kibibytes: Option<u64> =
        status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse().ok());
    1024 * kibibytes.unwrap_or_else(|| panic!("{name} is in /proc/self/status"))
}
