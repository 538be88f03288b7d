//! What only the hub and we know.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// A text that must not be guessed: hexadecimal digits. It is stored and sent, and never shown.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Secret(String);

impl Secret {
    /// 128 bits, as 32 digits.
    pub(super) fn short(random: u128) -> Self {
        Self(format!("{random:032x}"))
    }

    /// 256 bits, as 64 digits.
    pub(super) fn long(random: [u128; 2]) -> Self {
        let [first, second] = random;
        Self(format!("{first:032x}{second:032x}"))
    }

    /// The text itself.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text is this one. The time that takes does not tell how much of it is right.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_all_its_digits_and_is_not_shown() {
        assert_eq!(Secret::short(0xab).reveal(), "000000000000000000000000000000ab");
        let long = Secret::long([1, 2]);
        assert_eq!((long.reveal().len(), &long.reveal()[31..33], &long.reveal()[63..]), (64, "10", "2"));
        assert_eq!(format!("{long:?}"), "Secret(..)");
        assert!(long.is(long.reveal()) && !long.is(&long.reveal()[..63]) && !long.is(""));
    }
}
