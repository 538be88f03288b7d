//! The way through the tokens of RSS, Atom and CDF, on a stack of its own.

use std::rc::Rc;

use tallywire_proto::FeedEntry;
use url::Url;

use super::{
    BEYOND, DEEPEST, ENTRIES, EntryDetail, ParseError, ParsedFeed, Salvage,
    attributes::Attributes,
    construct::Construct,
    draft::Draft,
    elements::{Byline, Values},
    hints::HintsDraft,
    links::resolve,
    markup::{Dialect, Token, Tokens},
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
    Image,
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
    /// Whether an element stands before the feed.
    is_late: bool,
    /// The element of HTML whose text, code for the most part, is being passed over on the way to the feed.
    code: Option<&'a str>,
    is_done: bool,
    /// How many elements were too deep, outside of texts.
    beyond: usize,
    /// How many bytes are read.
    at: usize,
    /// Where a tag was first found in the wrong place.
    defect: Option<usize>,
}

impl<'a> Reader<'a> {
    fn token(&mut self, token: Token<'a>) -> Result<(), ParseError> {
        if let Some(code) = self.code {
            if matches!(token, Token::End { name } if name.eq_ignore_ascii_case(code)) {
                self.code = None;
            }
            return Ok(());
        }
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
        self.text.is_some() || matches!(self.place(), Some(Place::Person | Place::Image))
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
        self.end_unclosed(qualified);
        let depth = self.frames.len();
        for (key, value) in values.all() {
            if let Some(prefix) = key.strip_prefix("xmlns") {
                self.names.declare(depth, prefix.trim_start_matches(':'), value);
            }
        }
        let name = self.names.resolve(qualified);
        if depth == 0 && !self.accepts_root(name) {
            let is_code = matches!(&*lower(name.local), "script" | "style" | "textarea" | "title") && !empty;
            self.code = Some(qualified).filter(|_| is_code);
            self.is_late = true;
            self.names.leave(depth);
            return Ok(());
        }
        let base = values.get("xml:base").and_then(|base| self.base_of(base)).or_else(|| self.base());
        if depth >= DEEPEST {
            self.pass_over(name, &values, base.as_deref());
            self.names.leave(depth);
            return if self.beyond > BEYOND { Err(ParseError::TooDeep) } else { Ok(()) };
        }
        let around = self.place().unwrap_or(Place::Feed);
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
                Meaning::Media => frame(Self::within_media(name, &values).unwrap_or(around), Opens::Nothing),
                // They have no children: what stands within them is there because their end was forgotten.
                Meaning::Link | Meaning::Category => frame(around, Opens::Nothing),
                Meaning::Void => {
                    self.names.leave(depth);
                    return Ok(());
                }
            }
        };
        self.frames.push(frame);
        if empty {
            self.close();
        }
        Ok(())
    }

    /// An element that is too deep opens nothing; in a text, its tag is kept.
    fn pass_over(&mut self, name: Name<'_>, values: &Values<'_>, base: Option<&Url>) {
        match &mut self.text {
            Some(construct) => {
                construct.tag(name, values.all(), base);
            }
            None => self.beyond += 1,
        }
    }

    /// An entry that starts ends what is open within the feed, an entry too, unless it is part of an entry's text or of
    /// something within it that means nothing here.
    fn end_unclosed(&mut self, qualified: &str) {
        let name = self.names.resolve(qualified);
        if name.space != Space::Core || !matches!(&*lower(name.local), "item" | "entry") {
            return;
        }
        let entry = self.frames.iter().rposition(|frame| frame.opens == Opens::Entry);
        let is_part = |frame: &Frame<'_>| frame.opens == Opens::Field(Field::Content) || frame.place == Place::Ignored;
        let open = match entry {
            Some(entry) if self.frames.iter().skip(entry).any(is_part) => None,
            Some(entry) => Some(entry),
            None => self.frames.iter().rposition(|frame| frame.place == Place::Feed).map(|feed| feed + 1),
        };
        if let Some(open) = open.filter(|open| *open < self.frames.len()) {
            self.note_defect();
            self.close_down_to(open);
        }
    }

    /// Whether the feed starts here. What stands before it is passed over.
    fn accepts_root(&mut self, name: Name<'_>) -> bool {
        let local = lower(name.local);
        self.is_html |= local == "html";
        let is_own = matches!(&*local, "rss" | "rdf" | "feed");
        // What begins otherwise may have items too; a feed without its root does not begin otherwise.
        if !is_root(name) || !(is_own || self.root.is_some() || !self.is_late) {
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
            Opens::Image => {
                // Some write the address itself, as text.
                let text = std::mem::take(&mut self.person).text;
                let address = text.trim();
                if address.starts_with("http") && !address.contains(char::is_whitespace) {
                    self.take(Field::Image, address.to_owned().into(), base.as_deref());
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
