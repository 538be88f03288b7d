//! What was wrong with a feed that was read all the same.

use std::fmt;

/// What was wrong with a feed that was read all the same; says so in a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Salvage {
    /// It ends before it is complete.
    CutOff {
        /// How many entries were read.
        entries: usize,
        /// Whether one more was begun, which is left out.
        within_entry: bool,
    },
    /// Some of its entries cannot be understood.
    Skipped {
        /// How many entries were read.
        entries: usize,
        /// How many were not.
        skipped: usize,
    },
    /// It cannot be understood any more from somewhere on.
    Malformed {
        /// How many entries were read.
        entries: usize,
    },
    /// It has more entries than are read of one feed.
    TooMany {
        /// How many were read.
        entries: usize,
    },
    /// Its tags are not nested as they should be, here for the first time.
    BadlyNested {
        /// The line, counted from 1.
        line: usize,
    },
}

impl fmt::Display for Salvage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff { entries, within_entry: true } => {
                write!(formatter, "the document ends in the middle of item {}; ", entries + 1)?;
                match entries {
                    0 => write!(formatter, "no item was read"),
                    1 => write!(formatter, "1 item was read"),
                    _ => write!(formatter, "{entries} items were read"),
                }
            }
            Self::CutOff { entries, within_entry: false } => {
                write!(formatter, "the document ends before it is complete; items read: {entries}")
            }
            Self::Skipped { entries, skipped } => {
                write!(formatter, "items that cannot be understood: {skipped}; items read: {entries}")
            }
            Self::Malformed { entries } => {
                write!(formatter, "the document cannot be understood behind item {entries}; items read: {entries}")
            }
            Self::TooMany { entries } => {
                write!(formatter, "the feed has too many items; the first {entries} were read")
            }
            Self::BadlyNested { line } => write!(formatter, "a tag in line {line} is closed in the wrong place"),
        }
    }
}
