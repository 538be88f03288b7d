//! The elements of HTML, and what the parser has to know of each.

/// What the parser has to know of an element: a set of these.
#[derive(Clone, Copy)]
struct Traits(u8);

/// Has no content and no end tag (HTML Living Standard, section 13.1.2).
const VOID: u8 = 1;
/// Its content is text, whatever it looks like (13.2.5).
const RAW: u8 = 2;
/// "Special": an end tag of an ordinary element does not reach beyond it (13.2.4.2).
const SPECIAL: u8 = 4;
/// Its start tag ends an open paragraph (13.2.6.4.7).
const CLOSES_P: u8 = 8;
/// No end tag of an element outside is seen inside, and no open element outside is closed from inside (13.2.4.2).
const BOUNDARY: u8 = 16;
/// Stands within a line (13.2.4.3, "formatting"): ended by whatever ends the block around it.
const FORMATTING: u8 = 32;
/// May stand in the `head`.
const HEAD: u8 = 64;

macro_rules! tags {
    ($($name:literal $tag:ident $traits:expr;)*) => {
        /// The name of an element.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub(crate) enum Tag {
            $(#[doc = concat!("`", $name, "`")] $tag,)*
            /// Any other.
            Other,
        }

        impl Tag {
            /// How many there are, to count them.
            pub(super) const COUNT: usize = Tag::Other as usize + 1;

            /// The element of this name, in whatever case.
            pub(crate) fn of(name: &str) -> Self {
                /// The longest name below.
                const LONGEST: usize = 12;
                let mut lower = [0; LONGEST];
                let Some(lower) = lower.get_mut(..name.len()) else { return Self::Other };
                lower.copy_from_slice(name.as_bytes());
                lower.make_ascii_lowercase();
                match std::str::from_utf8(lower) {
                    $(Ok($name) => Self::$tag,)*
                    _ => Self::Other,
                }
            }

            const fn traits(self) -> Traits {
                match self {
                    $(Self::$tag => Traits($traits),)*
                    Self::Other => Traits(0),
                }
            }
        }
    };
}

tags! {
    "a" A FORMATTING; "abbr" Abbr 0; "address" Address SPECIAL | CLOSES_P; "applet" Applet SPECIAL | BOUNDARY;
    "area" Area VOID; "article" Article SPECIAL | CLOSES_P; "aside" Aside SPECIAL | CLOSES_P; "audio" Audio 0;
    "b" B FORMATTING; "base" Base VOID | HEAD; "basefont" Basefont VOID | HEAD; "big" Big FORMATTING;
    "blockquote" Blockquote SPECIAL | CLOSES_P; "body" Body SPECIAL; "br" Br VOID; "button" Button SPECIAL;
    "canvas" Canvas 0; "caption" Caption SPECIAL | BOUNDARY; "center" Center SPECIAL | CLOSES_P; "cite" Cite 0;
    "code" Code FORMATTING; "col" Col VOID; "colgroup" Colgroup SPECIAL; "datalist" Datalist 0;
    "dd" Dd SPECIAL | CLOSES_P; "details" Details SPECIAL | CLOSES_P; "dialog" Dialog SPECIAL | CLOSES_P;
    "dir" Dir SPECIAL | CLOSES_P; "div" Div SPECIAL | CLOSES_P; "dl" Dl SPECIAL | CLOSES_P;
    "dt" Dt SPECIAL | CLOSES_P; "em" Em FORMATTING; "embed" Embed VOID; "fieldset" Fieldset SPECIAL | CLOSES_P;
    "figcaption" Figcaption SPECIAL | CLOSES_P; "figure" Figure SPECIAL | CLOSES_P; "font" Font FORMATTING;
    "footer" Footer SPECIAL | CLOSES_P; "form" Form SPECIAL | CLOSES_P; "frame" Frame VOID;
    "frameset" Frameset SPECIAL; "h1" H1 SPECIAL | CLOSES_P; "h2" H2 SPECIAL | CLOSES_P; "h3" H3 SPECIAL | CLOSES_P;
    "h4" H4 SPECIAL | CLOSES_P; "h5" H5 SPECIAL | CLOSES_P; "h6" H6 SPECIAL | CLOSES_P; "head" Head SPECIAL;
    "header" Header SPECIAL | CLOSES_P; "hgroup" Hgroup SPECIAL | CLOSES_P; "hr" Hr VOID | CLOSES_P;
    "html" Html SPECIAL | BOUNDARY; "i" I FORMATTING; "iframe" Iframe RAW; "img" Img VOID; "input" Input VOID;
    "label" Label 0; "legend" Legend 0; "li" Li SPECIAL | CLOSES_P; "link" Link VOID | HEAD;
    "listing" Listing SPECIAL | CLOSES_P; "main" Main SPECIAL | CLOSES_P; "map" Map 0; "math" Math 0;
    "menu" Menu SPECIAL | CLOSES_P; "meta" Meta VOID | HEAD; "nav" Nav SPECIAL | CLOSES_P; "nobr" Nobr FORMATTING;
    "noembed" Noembed RAW; "noframes" Noframes RAW | HEAD; "noscript" Noscript SPECIAL | HEAD;
    "object" Object SPECIAL | BOUNDARY; "ol" Ol SPECIAL | CLOSES_P; "optgroup" Optgroup 0; "option" Option 0;
    "p" P SPECIAL | CLOSES_P; "param" Param VOID; "picture" Picture 0; "pre" Pre SPECIAL | CLOSES_P;
    "progress" Progress 0; "q" Q 0; "s" S FORMATTING; "script" Script RAW | HEAD;
    "search" Search SPECIAL | CLOSES_P; "section" Section SPECIAL | CLOSES_P; "select" Select SPECIAL;
    "small" Small FORMATTING; "source" Source VOID; "span" Span 0; "strike" Strike FORMATTING;
    "strong" Strong FORMATTING; "style" Style RAW | HEAD; "sub" Sub 0; "summary" Summary SPECIAL | CLOSES_P;
    "sup" Sup 0; "svg" Svg RAW; "table" Table SPECIAL | CLOSES_P | BOUNDARY; "tbody" Tbody SPECIAL;
    "td" Td SPECIAL | BOUNDARY; "template" Template SPECIAL | BOUNDARY | HEAD; "textarea" Textarea RAW;
    "tfoot" Tfoot SPECIAL; "th" Th SPECIAL | BOUNDARY; "thead" Thead SPECIAL; "time" Time 0; "title" Title RAW | HEAD;
    "tr" Tr SPECIAL; "track" Track VOID; "tt" Tt FORMATTING; "u" U FORMATTING; "ul" Ul SPECIAL | CLOSES_P;
    "video" Video 0; "wbr" Wbr VOID; "xmp" Xmp RAW | CLOSES_P;
}

impl Tag {
    /// Whether it has no content.
    pub(super) const fn is_void(self) -> bool {
        self.traits().0 & VOID > 0
    }

    /// Whether its content is text, whatever it looks like.
    pub(super) const fn is_raw(self) -> bool {
        self.traits().0 & RAW > 0
    }

    /// Whether the end tag of an ordinary element does not reach beyond it.
    pub(crate) const fn is_special(self) -> bool {
        self.traits().0 & SPECIAL > 0
    }

    /// Whether its start tag ends an open paragraph.
    pub(super) const fn closes_p(self) -> bool {
        self.traits().0 & CLOSES_P > 0
    }

    /// Whether tags inside it have no effect outside.
    pub(super) const fn is_boundary(self) -> bool {
        self.traits().0 & BOUNDARY > 0
    }

    /// Whether it stands within a line.
    pub(super) const fn is_formatting(self) -> bool {
        self.traits().0 & FORMATTING > 0
    }

    /// Whether it may stand in the `head`.
    pub(super) const fn is_of_head(self) -> bool {
        self.traits().0 & HEAD > 0
    }

    /// Whether it is `h1` to `h6`.
    pub(crate) const fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5 | Self::H6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!((Tag::of("FigCaption"), Tag::of("h1"), Tag::of("x-card")), (Tag::Figcaption, Tag::H1, Tag::Other));
        assert_eq!(Tag::of(&"a".repeat(100_000)), Tag::Other);
    }
}
