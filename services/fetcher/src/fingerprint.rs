//! Telling whether something is as it was without keeping what it was.

use sha2::{Digest, Sha256};

/// 64 bits of the SHA-256 of some texts or bytes in order, as 16 hexadecimal digits; where one ends counts too.
pub(crate) fn fingerprint<Part: AsRef<[u8]>>(parts: impl IntoIterator<Item = Part>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_ref());
        digest.update([0]);
    }
    format!("{:.16x}", digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_texts_and_their_ends_apart() {
        assert_eq!(fingerprint(["a", "b"]).len(), 16);
        assert_eq!(fingerprint(["a", "b"]), fingerprint(["a", "b"]));
        assert_ne!(fingerprint(["a", "b"]), fingerprint(["ab", ""]));
        assert_ne!(fingerprint(["a"]), fingerprint(["a", ""]));
    }
}
