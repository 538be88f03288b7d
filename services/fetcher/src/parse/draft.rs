//! A feed and its entries as they are gathered: what comes first, what replaces what.

use tallywire_proto::{FeedEntry, Moment};

use super::{EntryDetail, FeedAbout, HUBS, person::Person, vocabulary::Field};

/// The most categories and authors of an entry that are kept.
const MOST: usize = 100;

/// A feed or an entry in the making: both have most parts in common.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: Option<String>,
    pub(super) id_is_local: bool,
    title: Option<String>,
    other_title: Option<String>,
    description: Option<Text>,
    other_description: Option<Text>,
    content: Option<Text>,
    /// A second description, which is the full text where nothing else is.
    spill: Option<Text>,
    link: Option<(Rank, String)>,
    pub(super) self_link: Option<String>,
    hubs: Vec<String>,
    pub(super) authors: Vec<Person>,
    published: Option<Moment>,
    updated: Option<Moment>,
    created: Option<Moment>,
    date: Option<Moment>,
    categories: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) image: Option<String>,
    pub(super) thumbnail: Option<String>,
    icon: Option<String>,
}

/// A text, and whether it is stated to be plain.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) is_plain: bool,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text, is_plain: false }
    }
}

/// How sure it is that a link leads to the thing itself.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Rank {
    /// The page itself, where the others lead there by way of who counts the readers.
    Original,
    /// A page.
    Page,
    /// The same in another form.
    Other,
    /// An id that is an address too.
    Permalink,
}

impl Draft {
    /// Takes the text of a field.
    pub(super) fn take(&mut self, field: Field, text: impl Into<Text>) {
        let text = text.into();
        match field {
            Field::Description | Field::Summary if self.description.is_some() && self.content.is_none() => {
                self.spill.get_or_insert(text);
            }
            Field::Description | Field::Summary => self.description = Some(text),
            Field::OtherDescription => {
                self.other_description.get_or_insert(text);
            }
            Field::Content => {
                self.content.get_or_insert(text);
            }
            _ => self.take_line(field, text.text),
        }
    }

    /// Takes what is no text for readers to read at length.
    fn take_line(&mut self, field: Field, text: String) {
        match field {
            Field::Title => first(&mut self.title, text),
            Field::OtherTitle => first(&mut self.other_title, text),
            Field::Id => self.id = Some(text),
            Field::Published => first(&mut self.published, text),
            Field::Updated => first(&mut self.updated, text),
            Field::Created => first(&mut self.created, text),
            Field::Date => first(&mut self.date, text),
            Field::Category => self.category(&text),
            Field::Keywords => text.split(',').for_each(|word| self.category(word)),
            Field::Language => self.language = Some(text),
            Field::Image => first(&mut self.image, text),
            Field::Icon => first(&mut self.icon, text),
            _ => {}
        }
    }

    /// Takes a link; the first of the best rank stays.
    pub(super) fn link(&mut self, rank: Rank, address: String) {
        if !address.is_empty() && self.link.as_ref().is_none_or(|(known, _)| rank < *known) {
            self.link = Some((rank, address));
        }
    }

    /// Takes a hub.
    pub(super) fn hub(&mut self, address: String) {
        if self.hubs.len() < HUBS {
            self.hubs.push(address);
        }
    }

    /// Takes a category, once.
    pub(super) fn category(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.categories.len() < MOST && !self.categories.iter().any(|known| known == text) {
            self.categories.push(text.to_owned());
        }
    }

    /// Takes an author, once.
    pub(super) fn author(&mut self, person: Person) {
        if self.authors.len() < MOST && !self.authors.contains(&person) {
            self.authors.push(person);
        }
    }

    /// The entry, and what there is to say of it besides.
    pub(super) fn into_entry(self) -> (FeedEntry, EntryDetail) {
        let (summary, content) = (self.description.or(self.other_description), self.content.or(self.spill));
        let is_plain = |text: &Option<Text>| text.as_ref().is_some_and(|text| text.is_plain);
        let (summary_is_plain, content_is_plain) = (is_plain(&summary), is_plain(&content));
        let entry = FeedEntry {
            id: self.id,
            title: self.title.or(self.other_title),
            link: self.link.map(|(_, address)| address),
            summary: summary.map(|text| text.text),
            content: content.map(|text| text.text),
            authors: self.authors.iter().filter_map(Person::called).map(str::to_owned).collect(),
            published: self.published.or(self.date).or(self.created),
            updated: self.updated,
            categories: self.categories,
            image: self.image.or(self.thumbnail),
        };
        let Self { authors, id_is_local, language, .. } = self;
        (entry, EntryDetail { authors, id_is_local, summary_is_plain, content_is_plain, language })
    }

    /// What the feed says about itself.
    pub(super) fn into_about(self) -> FeedAbout {
        FeedAbout {
            id: self.id,
            title: self.title.or(self.other_title),
            link: self.link.map(|(_, address)| address),
            // Of two descriptions of a feed, the later one is the one meant for readers.
            description: self.spill.or(self.description).or(self.other_description).map(|text| text.text),
            language: self.language,
            author: self.authors.first().map(ToString::to_string),
            updated: self.updated.or(self.date).or(self.published),
            hubs: self.hubs,
            self_link: self.self_link,
            icon: self.icon,
            image: self.image.or(self.thumbnail),
        }
    }
}

/// Something that can be read of a field's text.
trait FromText: Sized {
    fn from_text(text: String) -> Option<Self>;
}

impl FromText for String {
    fn from_text(text: String) -> Option<Self> {
        Some(text)
    }
}

impl FromText for Moment {
    fn from_text(text: String) -> Option<Self> {
        super::date::read(&text)
    }
}

/// Fills a slot that is empty.
fn first<T: FromText>(slot: &mut Option<T>, text: String) {
    if slot.is_none() {
        *slot = T::from_text(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feeds_own_vocabulary_comes_first() {
        let mut draft = Draft::default();
        draft.take(Field::OtherTitle, "other".to_owned());
        draft.take(Field::Title, "own".to_owned());
        draft.take(Field::Title, "later".to_owned());
        draft.take(Field::OtherDescription, "other".to_owned());
        let (entry, _) = draft.into_entry();
        assert_eq!(entry.title.as_deref(), Some("own"));
        assert_eq!(entry.summary.as_deref(), Some("other"));
    }

    #[test]
    fn a_second_description_is_the_full_text_for_want_of_one() {
        let mut draft = Draft::default();
        draft.take(Field::Summary, "short".to_owned());
        draft.take(Field::Description, "long".to_owned());
        let (entry, _) = draft.into_entry();
        assert_eq!((entry.summary.as_deref(), entry.content.as_deref()), (Some("short"), Some("long")));
    }

    #[test]
    fn a_page_is_linked_before_anything_else() {
        let mut draft = Draft::default();
        draft.link(Rank::Permalink, "https://news.example/id".to_owned());
        draft.link(Rank::Page, "https://news.example/a".to_owned());
        draft.link(Rank::Page, "https://news.example/b".to_owned());
        assert_eq!(draft.into_entry().0.link.as_deref(), Some("https://news.example/a"));
    }

    #[test]
    fn a_date_that_cannot_be_read_leaves_room_for_one_that_can() {
        let mut draft = Draft::default();
        draft.take(Field::Published, "soon".to_owned());
        draft.take(Field::Created, "2026-03-09".to_owned());
        assert_eq!(draft.into_entry().0.published.unwrap().to_string(), "2026-03-09");
    }
}
