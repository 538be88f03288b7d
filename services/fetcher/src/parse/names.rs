//! Which vocabulary an element belongs to (Namespaces in XML 1.0).

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// The most namespace declarations in force at once; those past them are passed over.
const DECLARATIONS: usize = 256;

/// A vocabulary that feeds use.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Space {
    /// RSS of every version, Atom, CDF, and elements of no namespace.
    Core,
    /// Dublin Core, elements.
    Dc,
    /// Dublin Core, terms.
    DcTerms,
    /// RSS 1.0's module for full texts.
    Content,
    /// Media RSS.
    Media,
    /// Apple's podcasts.
    Itunes,
    /// What `FeedBurner` adds to the feeds that it passes on.
    Feedburner,
    /// Yandex's full texts.
    Yandex,
    /// RSS 1.0's module for how often a feed changes.
    Syndication,
    Rdf,
    Xhtml,
    Svg,
    MathMl,
    Xlink,
    Xml,
    /// Any other.
    Foreign,
}

struct Table {
    by_address: HashMap<&'static str, Space>,
    by_prefix: HashMap<&'static str, Space>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { by_address: HashMap::new(), by_prefix: HashMap::new() };
    let lines = include_str!("../../data/feed-namespaces.tsv").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let mut columns = line.split('\t');
        let space = match columns.next() {
            Some("core") => Space::Core,
            Some("dc") => Space::Dc,
            Some("dcterms") => Space::DcTerms,
            Some("content") => Space::Content,
            Some("media") => Space::Media,
            Some("itunes") => Space::Itunes,
            Some("syndication") => Space::Syndication,
            Some("feedburner") => Space::Feedburner,
            Some("yandex") => Space::Yandex,
            Some("rdf") => Space::Rdf,
            Some("xhtml") => Space::Xhtml,
            Some("svg") => Space::Svg,
            Some("mathml") => Space::MathMl,
            Some("xlink") => Space::Xlink,
            Some("xml") => Space::Xml,
            _ => Space::Foreign,
        };
        if let (Some(prefix), Some(address)) = (columns.next(), columns.next()) {
            if prefix != "-" {
                table.by_prefix.insert(prefix, space);
            }
            table.by_address.insert(address, space);
        }
    }
    table
});

/// The name of an element: its vocabulary, and its name there as written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Name<'a> {
    pub(super) space: Space,
    pub(super) local: &'a str,
    pub(super) has_prefix: bool,
}

/// The namespaces that are declared at a point of the document.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'a> {
    scopes: Vec<Declaration<'a>>,
    has_atom_1: bool,
}

#[derive(Debug)]
struct Declaration<'a> {
    depth: usize,
    prefix: &'a str,
    space: Space,
}

impl<'a> Namespaces<'a> {
    /// Notes a declaration of an element at `depth`. The default namespace has an empty prefix.
    pub(super) fn declare(&mut self, depth: usize, prefix: &'a str, address: &str) {
        if self.scopes.len() >= DECLARATIONS {
            return;
        }
        // An address of a namespace is a name; many write it as they write those of pages.
        let address = address.trim().trim_end_matches('/').to_ascii_lowercase().replacen("https://", "http://", 1);
        self.has_atom_1 |= address == "http://www.w3.org/2005/atom";
        let known = TABLE.by_address.get(address.as_str()).copied();
        let space = match known {
            Some(space) => space,
            // Newer versions of RSS were announced under addresses of this form; and RSS is published under others.
            None if prefix.is_empty() || address.starts_with("http://backend.userland.com/rss") => Space::Core,
            // Some write the address of the vocabulary's description, or misspell it.
            None => usual(prefix),
        };
        self.scopes.push(Declaration { depth, prefix, space });
    }

    /// Forgets what elements at `depth` and deeper declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.scopes.last().is_some_and(|declaration| declaration.depth >= depth) {
            self.scopes.pop();
        }
    }

    /// Whether the document speaks of Atom 1.0 (RFC 4287).
    pub(super) fn has_atom_1(&self) -> bool {
        self.has_atom_1
    }

    /// The vocabulary of a qualified name. A prefix that is not declared has its usual meaning.
    pub(super) fn resolve<'n>(&self, qualified: &'n str) -> Name<'n> {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let declared = self.scopes.iter().rev().find(|declaration| declaration.prefix == prefix);
        let space = match declared {
            Some(declaration) => declaration.space,
            None if prefix.is_empty() => Space::Core,
            None => usual(prefix),
        };
        Name { space, local, has_prefix: !prefix.is_empty() }
    }
}

/// The vocabulary that a prefix usually stands for.
fn usual(prefix: &str) -> Space {
    TABLE.by_prefix.get(&*lower(prefix)).copied().unwrap_or(Space::Foreign)
}

/// A name in lower case: feeds write them in any.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_means_what_is_declared() {
        let mut names = Namespaces::default();
        names.declare(0, "x", "http://purl.org/dc/elements/1.1/");
        names.declare(1, "x", "http://news.example/own");
        assert_eq!(names.resolve("x:title").space, Space::Foreign);
        names.leave(1);
        assert_eq!(names.resolve("x:title"), Name { space: Space::Dc, local: "title", has_prefix: true });
    }

    #[test]
    fn a_prefix_that_is_not_declared_means_the_usual() {
        let names = Namespaces::default();
        assert_eq!(names.resolve("dc:creator").space, Space::Dc);
        assert_eq!(names.resolve("own:creator").space, Space::Foreign);
        assert_eq!(names.resolve("title").space, Space::Core);
    }

    #[test]
    fn an_address_that_is_nearly_right_means_the_usual() {
        let mut names = Namespaces::default();
        names.declare(0, "c", "https://purl.org/rss/1.0/modules/content/");
        assert_eq!(names.resolve("c:encoded").space, Space::Content);
        names.declare(0, "media", "http://news.example/media-rss-explained");
        assert_eq!(names.resolve("media:content").space, Space::Media);
        names.declare(0, "", "https://www.w3.org/2005/Atom");
        assert!(names.has_atom_1());
    }

    #[test]
    fn feeds_without_a_prefix_are_feeds_whatever_their_namespace() {
        let mut names = Namespaces::default();
        names.declare(0, "", "http://news.example/our-rss");
        assert_eq!(names.resolve("item").space, Space::Core);
        names.declare(1, "", "http://www.w3.org/1999/xhtml");
        assert_eq!(names.resolve("p").space, Space::Xhtml);
        names.declare(2, "", "HTTP://www.w3.org/2005/Atom/");
        assert!(names.has_atom_1());
        assert_eq!(names.resolve("p").space, Space::Core);
    }
}
