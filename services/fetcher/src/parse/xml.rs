//! The way through the tokens of RSS, Atom and CDF, on a stack of its own.

use std::rc::Rc;

use tallywire_proto::FeedEntry;
use url::Url;

use super::{
    DEEPEST, ENTRIES, EntryDetail, ParseError, ParsedFeed, Salvage,
    construct::Construct,
    draft::Draft,
    elements::{Byline, Values},
    hints::HintsDraft,
    links::resolve,
    markup::{Attributes, Dialect, Token, Tokens},
    names::{Name, Namespaces, Space, lower},
    person::Person,
    reference::{Entities, clean, decode},
    vocabulary::{Field, Meaning, Place, is_root},
};

/// Reads a feed that is markup. Entries are complete where their end tag is there, or where what is around them ends.
pub(super) fn read(text: &str, url: Option<&Url>) -> Result<ParsedFeed, ParseError> {
    let mut reader = Reader { url: url.cloned().map(Rc::new), ..Reader::default() };
    let mut tokens = Tokens::new(text, Dialect::Xml);
    while !reader.is_done && reader.entries.len() <= ENTRIES {
        let Some(token) = tokens.next() else { break };
        reader.token(token)?;
        reader.at = tokens.position();
    }
    if reader.root.is_none() {
        let reason = "it has no element rss, rdf:RDF, feed or channel";
        return Err(if reader.is_html { ParseError::Html } else { ParseError::NoFeed(reason.into()) });
    }
    let entries = reader.entries.len();
    let salvaged = if entries > ENTRIES {
        reader.entries.truncate(ENTRIES);
        reader.details.truncate(ENTRIES);
        Some(Salvage::TooMany { entries: ENTRIES })
    } else if !reader.frames.is_empty() || tokens.is_cut_off() {
        Some(Salvage::CutOff { entries, within_entry: reader.entry.is_some() })
    } else {
        let line = |at| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        reader.defect.map(|at| Salvage::BadlyNested { line: line(at) })
    };
    let (feed, hints) = (reader.feed.into_about(), reader.hints.finish());
    Ok(ParsedFeed { feed, entries: reader.entries, details: reader.details, hints, salvaged })
}

/// An element that is open.
pub(super) struct Frame<'a> {
    pub(super) name: &'a str,
    place: Place,
    opens: Opens,
    base: Option<Rc<Url>>,
}

/// What is complete when an element ends.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Opens {
    Nothing,
    Entry,
    Person,
    Field(Field),
}

/// Which family of feeds the root belongs to.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Root {
    Rss,
    Atom,
}

/// What has been read so far.
#[derive(Default)]
pub(super) struct Reader<'a> {
    url: Option<Rc<Url>>,
    pub(super) names: Namespaces<'a>,
    entities: Entities,
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) root: Option<Root>,
    pub(super) text: Option<Construct>,
    pub(super) person: Byline,
    pub(super) feed: Draft,
    pub(super) hints: HintsDraft,
    pub(super) entry: Option<Draft>,
    entries: Vec<FeedEntry>,
    details: Vec<EntryDetail>,
    is_html: bool,
    is_done: bool,
    /// How many bytes are read.
    at: usize,
    /// Where a tag was first found in the wrong place.
    defect: Option<usize>,
}

impl<'a> Reader<'a> {
    fn token(&mut self, token: Token<'a>) -> Result<(), ParseError> {
        match token {
            Token::Start { name, attributes, empty } => return self.start(name, attributes, empty),
            Token::End { name } => self.end(name),
            Token::Text(text) if self.wants_text() => {
                let text = decode(text, &self.entities);
                self.push_text(&text, false);
            }
            Token::CData(text) if self.wants_text() => self.push_text(text, true),
            Token::Doctype(text) if self.root.is_none() => self.entities.declare(text),
            _ => {}
        }
        Ok(())
    }

    fn wants_text(&self) -> bool {
        self.text.is_some() || self.place() == Some(Place::Person)
    }

    fn push_text(&mut self, text: &str, is_cdata: bool) {
        match &mut self.text {
            Some(construct) => construct.push(text, is_cdata),
            None => self.person.text.push_str(&clean(text)),
        }
    }

    pub(super) fn place(&self) -> Option<Place> {
        self.frames.last().map(|frame| frame.place)
    }

    fn base(&self) -> Option<Rc<Url>> {
        self.frames.last().map_or_else(|| self.url.clone(), |frame| frame.base.clone())
    }

    /// What is being gathered: the entry, or else the feed.
    pub(super) fn draft(&mut self) -> &mut Draft {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }

    fn start(&mut self, qualified: &'a str, attributes: Attributes<'a>, empty: bool) -> Result<(), ParseError> {
        let values = Values::read(attributes, &self.entities);
        self.end_unclosed_entry(qualified);
        let depth = self.frames.len();
        for (key, value) in values.all() {
            if let Some(prefix) = key.strip_prefix("xmlns") {
                self.names.declare(depth, prefix.trim_start_matches(':'), value);
            }
        }
        let name = self.names.resolve(qualified);
        if depth == 0 && !self.accepts_root(name) {
            self.names.leave(depth);
            return Ok(());
        }
        if depth >= DEEPEST {
            return Err(ParseError::TooDeep);
        }
        let base = values.get("xml:base").and_then(|base| self.base_of(base)).or_else(|| self.base());
        let frame = |place, opens| Frame { name: qualified, place, opens, base: base.clone() };
        let frame = if let Some(construct) = &mut self.text {
            if !construct.start(name, values.all(), base.as_deref()) {
                self.names.leave(depth);
                return Ok(());
            }
            frame(Place::Text, Opens::Nothing)
        } else {
            match self.meaning(name, &values, base.as_deref()) {
                Meaning::Field(field) => {
                    let field = self.open_text(field, name, &values, base.as_ref());
                    frame(Place::Text, Opens::Field(field))
                }
                Meaning::Place(place) => frame(place, self.open_place(place, name, &values, base.as_deref())),
                Meaning::Media => frame(Place::Media, Opens::Nothing),
                Meaning::Link | Meaning::Category => frame(Place::Ignored, Opens::Nothing),
            }
        };
        self.frames.push(frame);
        if empty {
            self.close();
        }
        Ok(())
    }

    /// An entry that starts within another one ends that one, unless it is part of its text.
    fn end_unclosed_entry(&mut self, qualified: &str) {
        let name = self.names.resolve(qualified);
        if self.entry.is_none() || name.space != Space::Core || !matches!(&*lower(name.local), "item" | "entry") {
            return;
        }
        let is_part = self.frames.iter().any(|frame| frame.opens == Opens::Field(Field::Content));
        let is_within = matches!(self.place(), Some(Place::Entry | Place::Text));
        if let Some(at) = self.frames.iter().rposition(|frame| frame.opens == Opens::Entry)
            && is_within
            && !is_part
        {
            self.note_defect();
            self.close_down_to(at);
        }
    }

    /// Whether the feed starts here. What stands before it is passed over.
    fn accepts_root(&mut self, name: Name<'_>) -> bool {
        let local = lower(name.local);
        self.is_html |= local == "html";
        let is_own = matches!(&*local, "rss" | "rdf" | "feed");
        if !is_root(name) || (self.is_html && !is_own) {
            return false;
        }
        self.root = Some(if matches!(&*local, "feed" | "entry") { Root::Atom } else { Root::Rss });
        true
    }

    /// The base that `xml:base` sets (W3C XML Base, section 4); one that is none is passed over.
    fn base_of(&self, written: &str) -> Option<Rc<Url>> {
        let url = Url::parse(&resolve(self.base().as_deref(), written)).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| Rc::new(url))
    }

    fn end(&mut self, name: &str) {
        let found = self.frames.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name));
        // HTML within a text may have end tags without a start; between elements they are out of place.
        if found.map_or(self.text.is_none() && self.root.is_some(), |at| at + 1 < self.frames.len()) {
            self.note_defect();
        }
        if let Some(at) = found {
            self.close_down_to(at);
        }
    }

    fn note_defect(&mut self) {
        self.defect.get_or_insert(self.at);
    }

    fn close_down_to(&mut self, at: usize) {
        while self.frames.len() > at {
            self.close();
        }
    }

    fn close(&mut self) {
        let base = self.base();
        let Some(frame) = self.frames.pop() else { return };
        match frame.opens {
            Opens::Field(field) => {
                if let Some(text) = self.text.take().and_then(Construct::finish) {
                    self.take(field, text, base.as_deref());
                }
            }
            Opens::Entry => {
                if let Some(draft) = self.entry.take() {
                    let (entry, detail) = draft.into_entry();
                    self.entries.push(entry);
                    self.details.push(detail);
                }
            }
            Opens::Person => {
                let Byline { text, name, email } = std::mem::take(&mut self.person);
                if let Some(person) = Person::new(name, email).or_else(|| Person::read(&text)) {
                    self.draft().author(person);
                }
            }
            Opens::Nothing => {
                if let Some(construct) = &mut self.text {
                    construct.end(self.names.resolve(frame.name).local);
                }
            }
        }
        self.names.leave(self.frames.len());
        // Entries may stand side by side without a feed around them.
        self.is_done = self.frames.is_empty() && frame.opens != Opens::Entry;
    }
}
