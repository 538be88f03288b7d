//! What elements say by their attributes and their text, and where that belongs.

use std::rc::Rc;

use url::Url;

use super::{
    attributes::Attributes,
    construct::{Construct, Form, form_of},
    draft::{Draft, Rank, Text},
    links::resolve,
    names::{Name, Space},
    reference::{Entities, clean, decode},
    vocabulary::{Field, Meaning, Place, meaning},
    xml::{Opens, Reader, Root},
};

/// The attributes of an element, with their references replaced.
pub(super) struct Values<'a>(Vec<(&'a str, String)>);

impl<'a> Values<'a> {
    pub(super) fn read(attributes: Attributes<'a>, entities: &Entities) -> Self {
        let value = |written| clean(&decode(written, entities)).into_owned();
        Self(attributes.iter().map(|attribute| (attribute.name, value(attribute.value))).collect())
    }

    pub(super) fn all(&self) -> &[(&'a str, String)] {
        &self.0
    }

    /// The value of an attribute, where there is more to it than space.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// An address; feeds call the attribute so or so.
    fn address(&self) -> Option<&str> {
        self.get("href").or_else(|| self.get("url")).or_else(|| self.get("uri"))
    }
}

/// A person as it is being read, or a picture's address.
#[derive(Default)]
pub(super) struct Byline {
    pub(super) text: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

impl Reader<'_> {
    /// What an element means, once its attributes are read.
    pub(super) fn meaning(&mut self, name: Name<'_>, values: &Values<'_>, base: Option<&Url>) -> Meaning {
        let meaning = meaning(self.place().unwrap_or(Place::Feed), name);
        let address = || values.address().map(|address| resolve(base, address));
        match meaning {
            Meaning::Link => match address() {
                Some(address) => self.link(name, values, address),
                None => return Meaning::Field(Field::Link),
            },
            Meaning::Category => {
                let named = values.get("label").or_else(|| values.get("term")).or_else(|| values.get("text"));
                let Some(named) = named else { return Meaning::Field(Field::Category) };
                self.draft().category(named);
            }
            Meaning::Media => {
                let draft = self.draft();
                match address().filter(|address| !is_face(address)) {
                    Some(address) if is_image(name, values) => draft.take(Field::Image, address),
                    Some(address) if name.local.eq_ignore_ascii_case("thumbnail") => {
                        draft.thumbnail.get_or_insert(address);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        meaning
    }

    /// Where the children of media stand. Only `media:content` has some (Media RSS, section "Secondary elements");
    /// what stands within the others is there because their end was forgotten.
    pub(super) fn within_media(name: Name<'_>, values: &Values<'_>) -> Option<Place> {
        let has_children = name.space == Space::Media && name.local.eq_ignore_ascii_case("content");
        has_children.then(|| if is_image(name, values) { Place::Picture } else { Place::Media })
    }

    /// A link of Atom (RFC 4287, section 4.2.7). In RSS, one that does not say what it is gives way to RSS's own.
    fn link(&mut self, name: Name<'_>, values: &Values<'_>, address: String) {
        let kind = values.get("type").unwrap_or("text/html").to_ascii_lowercase();
        let is_stray = name.has_prefix && self.root == Some(Root::Rss) && values.get("rel").is_none();
        let is_page = !is_stray && matches!(kind.as_str(), "text/html" | "application/xhtml+xml");
        let rel = values.get("rel").unwrap_or("alternate").to_ascii_lowercase();
        let draft = self.draft();
        match rel.rsplit('/').next().unwrap_or_default() {
            "alternate" => draft.link(if is_page { Rank::Page } else { Rank::Other }, address),
            "self" => {
                draft.self_link.get_or_insert(address);
            }
            "hub" => draft.hub(address),
            "enclosure" if kind.starts_with("image/") => draft.take(Field::Image, address),
            _ => {}
        }
    }

    /// Starts what stands in a place of its own.
    pub(super) fn open_place(
        &mut self,
        place: Place,
        name: Name<'_>,
        values: &Values<'_>,
        base: Option<&Url>,
    ) -> Opens {
        match place {
            Place::Feed => {}
            Place::Entry => self.entry = Some(Draft::default()),
            Place::Person => {
                self.person = Byline::default();
                return Opens::Person;
            }
            Place::Image => {
                self.person = Byline::default();
                return Opens::Image;
            }
            _ => return Opens::Nothing,
        }
        let is_rdf = self.frames.first().is_some_and(|root| self.names.resolve(root.name).space == Space::Rdf);
        if let Some(id) = values.get("rdf:about").filter(|_| is_rdf && place == Place::Entry) {
            self.take(Field::Permalink, id.to_owned().into(), base);
        }
        let draft = self.draft();
        // CDF says in attributes what others say in elements.
        if let Some(address) = values.get("href").filter(|_| name.space == Space::Core) {
            draft.link(Rank::Page, resolve(base, address));
        }
        if let Some(date) = values.get("lastmod") {
            draft.take(Field::Updated, date.to_owned());
        }
        if let Some(language) = values.get("xml:lang").or_else(|| values.get("lang")) {
            draft.take(Field::Language, language.replace('_', "-"));
        }
        if place == Place::Entry { Opens::Entry } else { Opens::Nothing }
    }

    /// Starts to read the text of an element. Returns what it is a text of, now that its attributes are known.
    pub(super) fn open_text(
        &mut self,
        field: Field,
        name: Name<'_>,
        values: &Values<'_>,
        base: Option<&Rc<Url>>,
    ) -> Field {
        let is_atom = self.root == Some(Root::Atom);
        self.text = Some(if field.is_construct() {
            let usual = match name.space {
                Space::Xhtml => Form::Markup,
                Space::Core if is_atom => Form::Plain,
                _ => Form::Html,
            };
            let (form, is_base64) = form_of(values.get("type"), values.get("mode"), usual);
            let drops_div = is_atom && (self.names.has_atom_1() || values.get("type") == Some("xhtml"));
            let mut construct = Construct::new(form, is_base64, drops_div, base.cloned());
            construct.is_stated = values.get("type").is_some();
            construct
        } else {
            Construct::new(Form::Html, false, false, None)
        });
        if field != Field::Permalink || !name.local.eq_ignore_ascii_case("guid") {
            return field;
        }
        let says = values.get("isPermaLink");
        self.draft().id_is_local = says.is_some_and(|says| says.eq_ignore_ascii_case("false"));
        if says.is_none_or(|says| says.eq_ignore_ascii_case("true")) { Field::Permalink } else { Field::Id }
    }

    /// Puts the text of a field where it belongs.
    pub(super) fn take(&mut self, field: Field, text: Text, base: Option<&Url>) {
        if field.is_construct() {
            return self.draft().take(field, text);
        }
        let text = text.text;
        match field {
            Field::Name => self.person.name = Some(text),
            Field::Email => self.person.email = Some(text),
            Field::Link | Field::Original if !is_address(&text) => {}
            Field::Link => self.draft().link(Rank::Page, resolve(base, &text)),
            Field::Original => self.draft().link(Rank::Original, resolve(base, &text)),
            Field::Image | Field::Icon => self.draft().take(field, resolve(base, &text)),
            Field::Ttl | Field::UpdatePeriod | Field::UpdateFrequency | Field::SkipHour | Field::SkipDay => {
                self.hints.take(field, &text);
            }
            Field::Permalink => {
                // Ids are often numbers, whatever they claim to be: one that is no whole address is none.
                let is_address = text.starts_with("http://") || text.starts_with("https://");
                if let Some(entry) = self.entry.as_mut().filter(|_| is_address) {
                    entry.link(Rank::Permalink, text.clone());
                }
                self.draft().take(Field::Id, text);
            }
            _ => self.draft().take(field, text),
        }
    }
}

/// Whether media are a picture.
fn is_image(name: Name<'_>, values: &Values<'_>) -> bool {
    const ENDINGS: [&str; 6] = [".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"];
    let (medium, kind) = (values.get("medium"), values.get("type"));
    let is_named_so = || {
        let path = values.address().and_then(|address| address.split(['?', '#']).next()).unwrap_or_default();
        ENDINGS.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending))
    };
    name.space == Space::Itunes
        || medium == Some("image")
        || kind.is_some_and(|kind| kind.starts_with("image/"))
        || (medium.is_none() && kind.is_none() && name.local.eq_ignore_ascii_case("content") && is_named_so())
}

/// Whether a picture shows who wrote the entry, as `WordPress` adds it.
fn is_face(address: &str) -> bool {
    address.contains("gravatar.com/avatar")
}

/// Whether a text can be a link's. Markup within is more than the link, whose end was forgotten; so is white space, but
/// for the spaces that publishers leave in addresses.
fn is_address(text: &str) -> bool {
    let is_absolute = text.starts_with("http://") || text.starts_with("https://");
    !text.contains(['<', '\n']) && (is_absolute || !text.contains(char::is_whitespace))
}
