//! Who wrote it: name and email, however a feed writes them.

use std::fmt;

use serde::Serialize;

/// A person or organization as a feed names it. At least one of the two is there.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The email address.
    pub email: Option<String>,
}

impl Person {
    /// A person construct (RFC 4287, section 3.2).
    pub(super) fn new(name: Option<String>, email: Option<String>) -> Option<Self> {
        (name.is_some() || email.is_some()).then_some(Self { name, email })
    }

    /// Reads `ann@paper.example (Ann Ono)`, `Ann Ono <ann@paper.example>`, or either alone (RSS 2.0, `author`).
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let email = text.split(|c: char| c.is_whitespace() || "()<>,;".contains(c)).find(|word| is_email(word));
        let Some(email) = email else { return Self::new(filled(text), None) };
        let (before, behind) = text.split_once(email)?;
        // What follows `?` is for the mail program.
        let address = email.split('?').next().unwrap_or(email).trim_start_matches("mailto:");
        let is_mark = |c: char| c.is_whitespace() || "()<>,;".contains(c);
        let [before, behind] = [before, behind].map(|part| part.trim_matches(is_mark));
        let name = [before, behind].join(" ");
        Self::new(filled(&name), filled(address))
    }

    /// The name, or else the email address.
    pub fn called(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref())
    }
}

impl fmt::Display for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.email) {
            (Some(name), Some(email)) => write!(formatter, "{name} ({email})"),
            _ => formatter.write_str(self.called().unwrap_or_default()),
        }
    }
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_way_of_writing() {
        for text in [
            "ann@paper.example (Ann Ono)",
            "Ann Ono <ann@paper.example>",
            "Ann Ono (ann@paper.example)",
            "Ann Ono, ann@paper.example",
            "mailto:ann@paper.example?subject=News (Ann Ono)",
        ] {
            let person = Person::read(text).unwrap();
            assert_eq!(person.to_string(), "Ann Ono (ann@paper.example)", "{text}");
            assert_eq!(person.called(), Some("Ann Ono"));
        }
    }

    #[test]
    fn either_alone_is_enough() {
        assert_eq!(Person::read(" Ann Ono (Rome) ").unwrap().name.as_deref(), Some("Ann Ono (Rome)"));
        assert_eq!(Person::read("ann@paper.example").unwrap().to_string(), "ann@paper.example");
        assert_eq!(Person::read("@ann").unwrap().name.as_deref(), Some("@ann"));
        assert_eq!(Person::read("  "), None);
    }
}
