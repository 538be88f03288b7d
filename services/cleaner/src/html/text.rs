//! Character references.

use std::borrow::Cow;

/// A text with its character references resolved (HTML Living Standard, section 13.2.5.72).
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    htmlize::unescape(text)
}

/// The value of an attribute, where `&copy=1` is no character reference.
pub(crate) fn decode_attribute(value: &str) -> Cow<'_, str> {
    htmlize::unescape_attribute(value)
}
