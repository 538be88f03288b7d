//! One trace an article: W3C Trace Context, carried in the header `traceparent`.

use std::{fmt, str::FromStr};

/// A position in a trace (W3C Trace Context, version 00).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TraceParent {
    trace: u128,
    span: u64,
    flags: u8,
}

/// The text is no `traceparent` of version 00.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a traceparent: 00-<32 hexadecimal digits>-<16>-<2>, none of the first two all zero")]
pub struct ParseTraceError;

/// The flag of a trace that is kept (W3C Trace Context, section 3.2.2.5.1).
const SAMPLED: u8 = 1;

impl TraceParent {
    /// Begins a trace; whether it is kept is decided here, for all its spans.
    pub fn begin(is_sampled: bool) -> Self {
        let flags = if is_sampled { SAMPLED } else { 0 };
        Self { trace: rand::random::<u128>().max(1), span: rand::random::<u64>().max(1), flags }
    }

    /// The next span of the same trace.
    #[must_use]
    pub fn next(self) -> Self {
        Self { span: rand::random::<u64>().max(1), ..self }
    }

    /// The trace's id; never zero.
    pub const fn trace(&self) -> u128 {
        self.trace
    }

    /// The id of the span; never zero.
    pub const fn span(&self) -> u64 {
        self.span
    }

    /// Whether the trace is kept.
    pub const fn is_sampled(&self) -> bool {
        self.flags & SAMPLED == SAMPLED
    }

    /// The trace's id, as 32 hexadecimal digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags)
    }
}

impl FromStr for TraceParent {
    type Err = ParseTraceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let &[version, trace, span, flags] = parts.as_slice() else { return Err(ParseTraceError) };
        let lengths = [version.len(), trace.len(), span.len(), flags.len()];
        if version != "00" || lengths != [2, 32, 16, 2] {
            return Err(ParseTraceError);
        }
        let trace = u128::from_str_radix(trace, 16).map_err(|_| ParseTraceError)?;
        let span = u64::from_str_radix(span, 16).map_err(|_| ParseTraceError)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| ParseTraceError)?;
        if trace == 0 || span == 0 {
            return Err(ParseTraceError);
        }
        Ok(Self { trace, span, flags })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for is_sampled in [true, false] {
            let trace = TraceParent::begin(is_sampled);
            assert_eq!(trace.to_string().parse(), Ok(trace));
            assert_eq!((trace.is_sampled(), trace.next().is_sampled()), (is_sampled, is_sampled));
        }
        let trace = TraceParent::begin(true);
        assert_eq!(trace.next().trace_id(), trace.trace_id());
        assert_ne!(trace.next(), trace);
    }

    #[test]
    fn refuses_what_is_none() {
        let zero = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        for text in ["", "00", zero, "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"] {
            assert_eq!(text.parse::<TraceParent>(), Err(ParseTraceError), "{text}");
        }
    }
}
