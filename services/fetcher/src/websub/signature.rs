//! Whether a delivery is the hub's: `X-Hub-Signature: method=hexadecimal` (`WebSub`, section 7.1).

use hmac::{Hmac, Mac, digest::KeyInit};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::secret::Secret;

/// The header that a signature comes in.
pub(super) const HEADER: &str = "x-hub-signature";

/// A delivery is not signed as it should be.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum SignatureError {
    /// There is none, though the hub was given a secret.
    #[error("there is no X-Hub-Signature")]
    Missing,
    /// It is not of the form `method=signature`, or of a method that the Recommendation does not name.
    #[error("X-Hub-Signature is not one of sha1=, sha256=, sha384=, sha512= and hexadecimal digits")]
    Unknown,
    /// It is not that of this body and secret.
    #[error("X-Hub-Signature does not belong to the body")]
    Wrong,
}

/// Checks the signature of a body, by each method that the Recommendation names (section 7.1.1).
///
/// Most hubs still sign with SHA-1, so it is taken: an HMAC does not rest on what is broken of it, its resistance to
/// collisions (RFC 6194).
pub(super) fn verify(header: Option<&str>, secret: &Secret, body: &[u8]) -> Result<(), SignatureError> {
    let (method, given) =
        header.ok_or(SignatureError::Missing)?.trim().split_once('=').ok_or(SignatureError::Unknown)?;
    let is_signed = match method {
        "sha1" => is_signed::<Hmac<Sha1>>,
        "sha256" => is_signed::<Hmac<Sha256>>,
        "sha384" => is_signed::<Hmac<Sha384>>,
        "sha512" => is_signed::<Hmac<Sha512>>,
        _ => return Err(SignatureError::Unknown),
    };
    let given = from_hexadecimal(given).ok_or(SignatureError::Unknown)?;
    if is_signed(secret.reveal().as_bytes(), body, &given) { Ok(()) } else { Err(SignatureError::Wrong) }
}

/// Compares the HMAC (RFC 2104) in a time that does not tell how much of it is right.
fn is_signed<M: Mac + KeyInit>(secret: &[u8], body: &[u8], given: &[u8]) -> bool {
    // Any length makes a key, so this fails for none.
    let Ok(mac) = <M as Mac>::new_from_slice(secret) else { return false };
    mac.chain_update(body).verify_slice(given).is_ok()
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// A signature as a hub makes it.
#[cfg(test)]
pub(super) fn sign(method: &str, secret: &str, body: &[u8]) -> String {
    fn of<M: Mac + KeyInit>(secret: &str, body: &[u8]) -> Vec<u8> {
        <M as Mac>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize().into_bytes().to_vec()
    }
    let signature = match method {
        "sha1" => of::<Hmac<Sha1>>(secret, body),
        "sha256" => of::<Hmac<Sha256>>(secret, body),
        "sha384" => of::<Hmac<Sha384>>(secret, body),
        _ => of::<Hmac<Sha512>>(secret, body),
    };
    let digits: Vec<String> = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{method}={}", digits.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> Secret {
        serde_json::from_value(serde_json::json!(text)).unwrap()
    }

    /// Worked out with another implementation, Python's `hmac`.
    #[test]
    fn every_method_of_the_recommendation_is_known() {
        let body = "Die Brücke ist wieder offen.\n".as_bytes();
        for signature in [
            "sha1=1f9354df04a85d61fca77c89eddbea82188dafe1",
            "sha256=6107589e0b6709d2b5f9d990536ea492fbd281335020add018cc0ed3b3c89794",
            "sha384=513a8e2433b1d0a24315f78c3c54ad10f18ae1c61d55572e06c0cc52ad78e4ccb8cacdf410fd41f050fbdc1dd8a34\
             7b5",
            "sha512=8efbe6d910212a49745a9d74c70a68a2b087039513a6e3ff4de674dd8e4af6d1e98621a2fb1f2b80b680fb1da1ab9\
             dbd73b40e66d607da6e3a82269123da36e3",
        ] {
            assert_eq!(verify(Some(signature), &secret("3f9a"), body), Ok(()), "{signature}");
            let (method, digits) = signature.split_once('=').unwrap();
            let upper = format!("{method}={}", digits.to_uppercase());
            assert_eq!(verify(Some(&upper), &secret("3f9a"), body), Ok(()), "digits are digits");
            assert_eq!(verify(Some(signature), &secret("3f9b"), body), Err(SignatureError::Wrong));
            assert_eq!(verify(Some(signature), &secret("3f9a"), b"Die"), Err(SignatureError::Wrong));
            let short = &signature[..signature.len() - 2];
            assert_eq!(verify(Some(short), &secret("3f9a"), body), Err(SignatureError::Wrong));
        }
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let of = |header| verify(header, &secret("s"), b"").unwrap_err();
        assert_eq!(of(None), SignatureError::Missing);
        for header in [
            "",
            "sha256",
            "md5=d41d8cd98f00b204e9800998ecf8427e",
            "=",
            "SHA256=00",
            "sha256=0",
            "sha256=+1",
            "sha256=ä",
        ] {
            assert_eq!(of(Some(header)), SignatureError::Unknown, "{header}");
        }
        assert_eq!(of(Some("sha256=")), SignatureError::Wrong);
    }

    proptest! {
        #[test]
        fn a_signature_belongs_to_one_body_and_one_secret(
            key in "[0-9a-f]{1,199}",
            body in prop::collection::vec(any::<u8>(), 1..200),
            at in any::<prop::sample::Index>(),
            method in prop::sample::select(vec!["sha1", "sha256", "sha384", "sha512"]),
        ) {
            let signature = sign(method, &key, &body);
            prop_assert_eq!(verify(Some(&signature), &secret(&key), &body), Ok(()));
            let mut other = body.clone();
            other[at.index(body.len())] ^= 1;
            prop_assert_eq!(verify(Some(&signature), &secret(&key), &other), Err(SignatureError::Wrong));
            let other = secret(&format!("{key}0"));
            prop_assert_eq!(verify(Some(&signature), &other, &body), Err(SignatureError::Wrong));
        }
    }
}
