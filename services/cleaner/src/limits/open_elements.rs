//! The parser's stack of open elements, as far as its depth depends on it.

use std::{collections::HashMap, sync::LazyLock};

use super::scan::Tag;

/// How the parser treats an element.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list of names in the standard, and they overlap")]
struct Traits {
    /// It has no inside, or is closed by others of its kind, and so does not nest on its own.
    void: bool,
    /// The parser opens it again in every block until it is closed.
    formatting: bool,
    /// Most end tags do not reach beyond it.
    boundary: bool,
    /// End tags of elements that mean nothing to the parser do not reach beyond it.
    special: bool,
    raw: bool,
    closes_p: bool,
    ends_foreign: bool,
}

static TRAITS: LazyLock<HashMap<&'static str, Traits>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Traits> = HashMap::new();
    for line in include_str!("../../data/elements.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut names = line.split(' ');
        let group = names.next().unwrap_or_default();
        for name in names {
            let traits = table.entry(name).or_default();
            match group {
                "void" => traits.void = true,
                "formatting" => traits.formatting = true,
                "boundary" => (traits.boundary, traits.special) = (true, true),
                "special" => traits.special = true,
                "raw" => traits.raw = true,
                "closes_p" => traits.closes_p = true,
                _ => traits.ends_foreign = true,
            }
        }
    }
    table
});

fn traits(name: &str) -> Traits {
    TRAITS.get(name).copied().unwrap_or_default()
}

/// What opening a formatting element again costs, in steps up the stack.
const FORMATTING_STEPS: usize = 10;

/// The open elements.
///
/// Where the standard's rules are too many to follow, an element stays open here that the parser has closed: the
/// depth is never less than the parser's, up to the few elements that are left out as void.
#[derive(Default)]
pub(super) struct OpenElements {
    stack: Vec<String>,
    /// Formatting elements that no end tag has closed, whether their parent is still open or not.
    formatting: HashMap<String, usize>,
    formatting_count: usize,
    /// Inside `svg` or `math`, where a tag can close itself and there is no raw text.
    foreign: bool,
}

impl OpenElements {
    /// How deep the next element would stand.
    pub(super) fn depth(&self) -> usize {
        self.stack.len() + self.formatting_count
    }

    /// What the next tag may cost the parser, in steps up the stack.
    pub(super) fn steps(&self) -> usize {
        self.stack.len() + FORMATTING_STEPS * self.formatting_count
    }

    /// Takes up a tag; true where what follows it is raw text.
    pub(super) fn take(&mut self, tag: &Tag) -> bool {
        let name = tag.name.as_str();
        let traits = traits(name);
        let is_raw = !tag.closes && !self.foreign && traits.raw;
        let closes_itself = tag.self_closing && (self.foreign || matches!(name, "svg" | "math"));
        if traits.void {
            if traits.closes_p && !tag.closes {
                self.close_p();
            }
        } else if tag.closes {
            self.close(name, traits);
        } else if !closes_itself {
            self.open(name, traits);
        }
        // Any tag that HTML knows ends foreign content; what SVG and MathML hold of HTML counts as HTML, too.
        self.foreign = match name {
            "svg" | "math" => !tag.closes && !tag.self_closing,
            _ => self.foreign && !traits.ends_foreign,
        };
        is_raw
    }

    /// Opens an element, closing those that it ends.
    fn open(&mut self, name: &str, traits: Traits) {
        match name {
            "li" => self.close_item(&["li"]),
            "dd" | "dt" => self.close_item(&["dd", "dt"]),
            "td" | "th" => self.back_to_table(&["tr"]),
            "tr" => self.back_to_table(&["tbody", "thead", "tfoot"]),
            "tbody" | "thead" | "tfoot" | "caption" => self.back_to_table(&[]),
            _ => {}
        }
        if traits.closes_p {
            self.close_p();
        }
        // A link ends the one before it.
        let is_single = matches!(name, "a" | "nobr") && self.formatting.get(name).is_some_and(|count| *count > 0);
        if traits.formatting && !is_single {
            *self.formatting.entry(name.to_owned()).or_default() += 1;
            self.formatting_count += 1;
        }
        self.stack.push(name.to_owned());
    }

    /// Closes an element and all in it, where its end tag reaches it.
    fn close(&mut self, name: &str, traits: Traits) {
        let is_heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let is_table_part = matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption");
        let mut special_inside = false;
        for at in (0..self.stack.len()).rev() {
            let open = self.stack[at].as_str();
            if open == name || (is_heading(name) && is_heading(open)) {
                if traits.formatting && special_inside {
                    // The parser takes it out from around its blocks ("adoption agency algorithm").
                    self.stack.remove(at);
                } else {
                    self.stack.truncate(at);
                }
                break;
            }
            let open_traits = self::traits(open);
            special_inside |= open_traits.special;
            let stops = if is_table_part {
                matches!(open, "table" | "template")
            } else if traits.special || traits.formatting {
                open_traits.boundary
                    || (name == "p" && open == "button")
                    || (name == "li" && matches!(open, "ol" | "ul"))
            } else {
                open_traits.special
            };
            if stops {
                return;
            }
        }
        if let Some(count) = self.formatting.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
            self.formatting_count -= 1;
        }
    }

    /// Closes an open paragraph, as blocks do.
    fn close_p(&mut self) {
        let place = self.stack.iter().rposition(|open| open == "p" || open == "button" || traits(open).boundary);
        if let Some(at) = place.filter(|at| self.stack[*at] == "p") {
            self.stack.truncate(at);
        }
    }

    /// Closes an open item of the same list.
    fn close_item(&mut self, items: &[&str]) {
        let stops = |open: &str| traits(open).special && !matches!(open, "address" | "div" | "p");
        let place = self.stack.iter().rposition(|open| items.contains(&open.as_str()) || stops(open));
        if let Some(at) = place.filter(|at| items.contains(&self.stack[*at].as_str())) {
            self.stack.truncate(at);
        }
    }

    /// Closes all that is open in the innermost table, down to one of its parts or the table itself.
    fn back_to_table(&mut self, parts: &[&str]) {
        let place = self.stack.iter().rposition(|open| {
            let open = open.as_str();
            matches!(open, "table" | "template") || parts.contains(&open)
        });
        if let Some(at) = place.filter(|at| self.stack[*at] != "template") {
            self.stack.truncate(at + 1);
        }
    }
}
