//! What the elements of feeds mean.

use super::names::{Name, Space, lower};

/// Where an element stands: what its parents are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// In the feed itself.
    Feed,
    /// In an entry.
    Entry,
    /// In a group of media, of a feed or of an entry.
    Media,
    /// In a person construct.
    Person,
    /// In a picture of an entry, whose words say what it shows and not what the entry says.
    Picture,
    /// In an RSS image.
    Image,
    /// In the hours or days that a feed names for not being read.
    Skip,
    /// In a text that is being read.
    Text,
    /// In something that is passed over.
    Ignored,
}

/// A part of a feed or an entry whose text is of use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Field {
    Title,
    /// A title of another vocabulary, for want of one in the feed's own.
    OtherTitle,
    Description,
    Summary,
    /// A description of another vocabulary, for want of one in the feed's own.
    OtherDescription,
    Content,
    Link,
    /// The address of the page, where the feed's links lead there by way of who counts the readers.
    Original,
    /// An id that is no address (RSS 2.0, `guid` with `isPermaLink="false"`).
    Id,
    /// An id that may be an address.
    Permalink,
    Published,
    Updated,
    /// When it was made, for want of when it was published.
    Created,
    /// A date of a feed that does not say of what.
    Date,
    Category,
    Keywords,
    Language,
    Image,
    Icon,
    Name,
    Email,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    SkipHour,
    SkipDay,
}

impl Field {
    /// Whether it is a text for readers, which may hold markup.
    pub(super) fn is_construct(self) -> bool {
        matches!(
            self,
            Self::Title | Self::OtherTitle | Self::Description | Self::OtherDescription | Self::Summary | Self::Content
        )
    }
}

/// What to do with an element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Meaning {
    /// Its children stand in this place.
    Place(Place),
    /// Its text is of use.
    Field(Field),
    /// An Atom link, or one of RSS.
    Link,
    /// Its attributes name a category; so may its text.
    Category,
    /// Its attributes name a picture, film or sound.
    Media,
    /// Nothing, and it has no inside.
    Void,
}

use Field as F;
use Meaning as M;

/// Whether a document that starts with this element is a feed.
pub(super) fn is_root(name: Name<'_>) -> bool {
    let local = lower(name.local);
    matches!(name.space, Space::Core | Space::Rdf)
        && matches!(&*local, "rss" | "rdf" | "feed" | "channel" | "entry" | "item")
}

/// What an element means within `place`.
pub(super) fn meaning(place: Place, name: Name<'_>) -> Meaning {
    let local = lower(name.local);
    match place {
        Place::Feed => in_feed(name.space, &local).unwrap_or_else(|| in_any(name.space, &local)),
        Place::Entry => in_entry(name.space, &local).unwrap_or_else(|| in_any(name.space, &local)),
        Place::Media if name.space == Space::Media => in_any(name.space, &local),
        Place::Picture if (name.space, &*local) == (Space::Media, "thumbnail") => M::Media,
        Place::Person => match (name.space, &*local) {
            (Space::Core, "name") => M::Field(F::Name),
            (Space::Core, "email") => M::Field(F::Email),
            _ => M::Place(Place::Ignored),
        },
        Place::Image => match (name.space, &*local) {
            (Space::Core, "url") => M::Field(F::Image),
            _ => M::Place(Place::Ignored),
        },
        Place::Skip => match (name.space, &*local) {
            (Space::Core, "hour") => M::Field(F::SkipHour),
            (Space::Core, "day") => M::Field(F::SkipDay),
            _ => M::Place(Place::Ignored),
        },
        Place::Media | Place::Picture | Place::Text | Place::Ignored => M::Place(Place::Ignored),
    }
}

fn in_feed(space: Space, local: &str) -> Option<Meaning> {
    Some(match (space, local) {
        (Space::Core, "rss" | "feed" | "channel") | (Space::Rdf, "rdf") => M::Place(Place::Feed),
        (Space::Core, "item" | "entry") => M::Place(Place::Entry),
        (Space::Core, "description" | "tagline" | "subtitle" | "abstract") => M::Field(F::Description),
        (Space::Core, "skiphours" | "skipdays") => M::Place(Place::Skip),
        (Space::Core, "ttl") => M::Field(F::Ttl),
        (Space::Core, "icon") => M::Field(F::Icon),
        (Space::Core, "logo") => M::Field(F::Image),
        (Space::Core, "lastbuilddate") => M::Field(F::Updated),
        (Space::Syndication, "updateperiod") => M::Field(F::UpdatePeriod),
        (Space::Syndication, "updatefrequency") => M::Field(F::UpdateFrequency),
        _ => return None,
    })
}

fn in_entry(space: Space, local: &str) -> Option<Meaning> {
    Some(match (space, local) {
        (Space::Core, "description" | "abstract") => M::Field(F::Description),
        (Space::Core, "summary") => M::Field(F::Summary),
        (Space::Core, "content" | "fullitem" | "body")
        | (Space::Content, "encoded")
        | (Space::Xhtml, "body")
        | (Space::Yandex, "full-text") => M::Field(F::Content),
        (Space::Feedburner, "origlink") => M::Field(F::Original),
        (Space::Core, "enclosure") => M::Media,
        (Space::Core, "subtitle") => M::Field(F::OtherDescription),
        _ => return None,
    })
}

fn in_any(space: Space, local: &str) -> Meaning {
    match (space, local) {
        (Space::Core, "title") => M::Field(F::Title),
        (Space::Dc | Space::Media, "title") => M::Field(F::OtherTitle),
        (Space::Dc | Space::Media, "description") | (Space::Itunes, "summary" | "subtitle") => {
            M::Field(F::OtherDescription)
        }
        (Space::Core, "link") => M::Link,
        (Space::Core, "id" | "guid") => M::Field(F::Permalink),
        (Space::Core, "author" | "managingeditor") | (Space::Dc, "creator" | "author") | (Space::Itunes, "author") => {
            M::Place(Place::Person)
        }
        (Space::Core, "pubdate" | "published" | "issued") | (Space::DcTerms, "issued") => M::Field(F::Published),
        (Space::Core, "updated" | "modified") | (Space::DcTerms, "modified") => M::Field(F::Updated),
        (Space::Core | Space::DcTerms, "created") => M::Field(F::Created),
        (Space::Dc, "date") => M::Field(F::Date),
        (Space::Core | Space::Itunes | Space::Media, "category") | (Space::Dc, "subject") => M::Category,
        (Space::Core, "tags") | (Space::Core | Space::Itunes | Space::Media, "keywords") => M::Field(F::Keywords),
        (Space::Core | Space::Dc, "language") => M::Field(F::Language),
        (Space::Core, "image") => M::Place(Place::Image),
        (Space::Itunes, "image") | (Space::Media, "content" | "thumbnail") => M::Media,
        (Space::Media, "group") => M::Place(Place::Media),
        // HTML that slipped out of a text; its end is not marked.
        (Space::Core | Space::Xhtml, "br" | "hr" | "img" | "input" | "meta") => M::Void,
        _ => M::Place(Place::Ignored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(local: &str) -> Name<'_> {
        Name { space: Space::Core, local, has_prefix: false }
    }

    #[test]
    fn an_element_means_something_only_in_its_place() {
        assert_eq!(meaning(Place::Entry, core("title")), M::Field(F::Title));
        assert_eq!(meaning(Place::Image, core("title")), M::Place(Place::Ignored));
        assert_eq!(meaning(Place::Feed, core("textInput")), M::Place(Place::Ignored));
        assert_eq!(meaning(Place::Ignored, core("item")), M::Place(Place::Ignored));
        assert_eq!(meaning(Place::Feed, core("ITEM")), M::Place(Place::Entry));
    }

    #[test]
    fn html_that_slipped_out_of_a_text_hides_nothing() {
        assert_eq!(meaning(Place::Feed, core("BR")), M::Void);
        assert_eq!(meaning(Place::Person, core("br")), M::Place(Place::Ignored));
    }

    #[test]
    fn a_vocabulary_of_others_means_nothing() {
        let other = Name { space: Space::Foreign, local: "description", has_prefix: true };
        assert_eq!(meaning(Place::Entry, other), M::Place(Place::Ignored));
    }
}
