//! When and where a text was published: what its times are resolved to.

use jiff::civil::Date;

/// The day of publication, and how dates in digits are written there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Publication {
    pub(crate) day: Option<Date>,
    /// Whether 6/7/2019 is June 7; none where the country is not known, or writes both.
    pub(crate) is_month_first: Option<bool>,
}

impl Publication {
    /// `country` is a code of ISO 3166-1 alpha-2. The order is that of the short English dates of Unicode CLDR 41; in Canada
    /// newspapers write either.
    pub(crate) fn new(day: Option<Date>, country: Option<&str>) -> Self {
        let is_month_first = country.filter(|country| *country != "CA").map(|country| {
            matches!(country, "US" | "PH" | "PR" | "GU" | "VI" | "AS" | "MP" | "MH" | "PW" | "FM" | "UM")
        });
        Self { day, is_month_first }
    }
}
