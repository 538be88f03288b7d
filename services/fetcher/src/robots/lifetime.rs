//! For how long a robots.txt holds.

use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

/// How long what a site has is taken to hold where it does not say.
pub(crate) const DEFAULT: Duration = HOUR.saturating_mul(6);

/// A crawler should not use a robots.txt for longer (RFC 9309, section 2.4).
const LONGEST: Duration = HOUR.saturating_mul(24);

/// Asking for it more often is no use to anybody.
const SHORTEST: Duration = HOUR;

/// The lifetime that a `Cache-Control` gives (RFC 9111, section 5.2.2): `max-age`, between an hour and a day; an hour
/// where it is not to be kept; six hours where nothing is said.
pub(crate) fn lifetime(cache_control: Option<&str>) -> Duration {
    let mut lifetime = DEFAULT;
    for directive in cache_control.unwrap_or_default().split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return SHORTEST,
            "max-age" => {
                let seconds = value.trim().trim_matches('"').parse();
                lifetime = seconds.map_or(DEFAULT, Duration::from_secs);
            }
            _ => {}
        }
    }
    lifetime.clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_counts_within_bounds() {
        for (cache_control, hours) in [
            (None, 6),
            (Some(""), 6),
            (Some("public"), 6),
            (Some("max-age=7200"), 2),
            (Some("public, Max-Age = \"10800\""), 3),
            (Some("max-age=0"), 1),
            (Some("max-age=31536000"), 24),
            (Some("max-age=18446744073709551615"), 24),
            (Some("max-age=soon"), 6),
            (Some("s-maxage=60"), 6),
            (Some("no-cache"), 1),
            (Some("max-age=86400, no-store"), 1),
        ] {
            assert_eq!(lifetime(cache_control), hours * HOUR, "{cache_control:?}");
        }
    }
}
