//! What a process has used, as Linux counts it (proc(5)).

use std::{fs, time::Duration};

/// Ticks of processor time in a second: `USER_HZ`, 100 on all that Linux runs on today.
const TICKS: u32 = 100;

/// What a process has used until now.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Processor time, user's and system's, good to 10 ms.
    pub(crate) cpu: Duration,
    /// Resident memory.
    pub(crate) resident_mib: f64,
    /// The most resident memory that it ever had.
    pub(crate) peak_mib: f64,
    /// Open files and connections.
    pub(crate) files: usize,
}

impl Usage {
    /// Of a running process.
    pub(crate) fn of(process: u32) -> Self {
        let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).unwrap();
        let status = read("status");
        let mib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_matches(|character: char| !character.is_ascii_digit()).parse::<f64>().unwrap() / 1024.0
        };
        Self {
            cpu: cpu_of(process),
            resident_mib: mib("VmRSS:"),
            peak_mib: mib("VmHWM:"),
            files: fs::read_dir(format!("/proc/{process}/fd")).unwrap().count(),
        }
    }
}

/// The processor time, user's and system's, of a process that runs, or has ended and was not yet waited for.
pub(crate) fn cpu_of(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The second field, the program's name in parentheses, may hold spaces; utime and stime are the 14th and 15th.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u32 = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    Duration::from_secs(ticks.into()) / TICKS
}
