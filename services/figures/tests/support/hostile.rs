//! Texts made to hurt: digits without end, numbers and times piled up, nested brackets and quotes, other languages.

/// A text made to hurt.
pub(crate) struct Hostile {
    /// What it is.
    pub(crate) name: &'static str,
    /// What is said of its language.
    pub(crate) language: Option<&'static str>,
    /// Makes it, of about so many bytes, before [`STORY`].
    pub(crate) text: fn(usize) -> String,
}

/// How each ends: what comes before keeps nobody from finding [`VALUE`].
pub(crate) const STORY: &str = "\n\nPeter Mwangi brought 4711 kites to Nairobi.";
/// The figure of [`STORY`].
pub(crate) const VALUE: f64 = 4711.0;

/// All of them.
pub(crate) const TEXTS: &[Hostile] = &[
    // Ordinary, or nearly.
    text("an ordinary article, very long", |size| numbered(size, ARTICLE)),
    text("no full stop", |size| numbered(size, ARTICLE).replace(['.', '\n'], " ")),
    text("a line each word", |size| numbered(size, ARTICLE).replace(' ', "\n")),
    text("a paragraph each word", |size| numbered(size, ARTICLE).replace(' ', "\n\n")),
    text("words without spaces", |size| numbered(size, ARTICLE).replace([' ', '\n'], "")),
    text("all capitals", |size| numbered(size, ARTICLE).to_uppercase()),
    // Digits.
    text("one number of digits", |size| "9".repeat(size)),
    text("numbers of 10,000 digits", |size| ("7".repeat(10_000) + " ").repeat(size / 10_001 + 1)),
    text("numbers of 10,000 digits and thousands", |size| ("777,".repeat(2_500) + "777 ").repeat(size / 10_004 + 1)),
    text("numbers of one digit", |size| "5 ".repeat(size / 2)),
    text("numbers and commas", |size| "5,".repeat(size / 2)),
    text("thousands without end", |size| "100,".repeat(size / 4)),
    text("thousands behind spaces", |size| "100\u{202f}".repeat(size / 6)),
    text("full stops and digits", |size| "1.".repeat(size / 2)),
    text("slashes and digits", |size| "1/2 ".repeat(size / 4)),
    text("dates without end", |size| "1/2/".repeat(size / 4)),
    text("colons and digits", |size| "1:".repeat(size / 2)),
    text("dashes and digits", |size| "1-".repeat(size / 2)),
    text("dashes and words", |size| "twenty-five-".repeat(size / 12)),
    text("a telephone number without end", |size| "+44 20 7946 0000 ".repeat(size / 17)),
    text("fractions", |size| "½".repeat(size / 2)),
    text("digits of other scripts", |size| "٣٤٥ ".repeat(size / 7)),
    text("exponents", |size| "1e400 ".repeat(size / 6)),
    text("zeros", |size| "0".repeat(size)),
    text("minus signs", |size| "−5 ".repeat(size / 5)),
    // Numbers in words.
    text("million without end", |size| "million ".repeat(size / 8)),
    text("a number in words without end", |size| "two hundred and six thousand and ".repeat(size / 33)),
    text("hyphens between scales", |size| "million-".repeat(size / 8)),
    text("dozens of dozens", |size| "dozens of ".repeat(size / 10)),
    text("halves", |size| "half a half of a half ".repeat(size / 22)),
    text("ordinals", |size| "second third largest ".repeat(size / 21)),
    // Ranges, ratios, changes.
    text("from and to", |size| "from 3 to ".repeat(size / 10)),
    text("between and", |size| "between 3 and ".repeat(size / 14)),
    text("one in five", |size| "one in ".repeat(size / 7)),
    text("rises and falls", |size| "rose 5 fell 6 ".repeat(size / 14)),
    text("modifiers", |size| "at least more than up to about nearly ".repeat(size / 38)),
    text("modifiers of a number", |size| "more than ".repeat(size / 20) + "5 " + &"or so ".repeat(size / 12)),
    text("out of", |size| "5 out of ".repeat(size / 9)),
    text("changes and their ends", |size| "prices rose by 5 per cent from 3 to 4 and ".repeat(size / 42)),
    // Units and nouns.
    text("units", |size| "5 km 6 kg 7 ft ".repeat(size / 15)),
    text("per without end", |size| "5 km per hour per day ".repeat(size / 22)),
    text("signs of currencies", |size| "$".repeat(size)),
    text("currencies", |size| "US$5 £6 €7 ".repeat(size / 13)),
    text("a noun of many adjectives", |size| "5 ".to_owned() + &"new old red ".repeat(size / 12) + "boats"),
    text("a noun without end", |size| "5 ".to_owned() + &"boat".repeat(size / 4)),
    text("the number of the number of", |size| "the number of ".repeat(size / 14)),
    text("of without end", |size| "5 of the ".repeat(size / 9)),
    // Events, sources, times.
    text("events", |size| "5 killed 6 injured ".repeat(size / 19)),
    text("an event far away", |size| "5 boats ".to_owned() + &"went on ".repeat(size / 8) + "sank"),
    text("lists of figures", |size| "5 boats, 6 men, 7 hens and ".repeat(size / 27)),
    text("denials", |size| "denied that not killed 5 ".repeat(size / 25)),
    text("cues", |size| "said told according to 5 ".repeat(size / 25)),
    text("sources", |size| "police said officials told 5 the ministry said ".repeat(size / 47)),
    text("according to", |size| "according to ".repeat(size / 13)),
    text("weekdays", |size| "last Friday ".repeat(size / 12)),
    text("months and days", |size| "March 5 ".repeat(size / 8)),
    text("days and months", |size| "5 March ".repeat(size / 8)),
    text("years ago", |size| "5 years ago ".repeat(size / 12)),
    text("times of day", |size| "at 5 p.m. ".repeat(size / 10)),
    text("days of", |size| "the first week of ".repeat(size / 18)),
    text("ages", |size| "a 34-year-old, 35, aged 36 ".repeat(size / 27)),
    // Places.
    text("places and figures", |size| "5 boats in Mombasa and 6 in Nairobi, ".repeat(size / 37)),
    text("places", |size| "Mombasa ".repeat(size / 8)),
    text("a figure and places", |size| "5 boats ".to_owned() + &"in Mombasa, Nairobi and ".repeat(size / 24)),
    // Brackets and quotation marks.
    text("opening brackets", |size| "(".repeat(size)),
    text("brackets in brackets", |size| "(5 ".repeat(size / 5) + &") ".repeat(size / 5)),
    text("conversions in brackets", |size| "5 km (3 miles) ".repeat(size / 15)),
    text("conversions in conversions", |size| "5 km (3 miles ".repeat(size / 14)),
    text("opening marks", |size| "“".repeat(size / 3)),
    text("straight marks", |size| "\"".repeat(size)),
    text("an open quote each paragraph", |size| "“We saw 5 boats.\n\n".repeat(size / 20)),
    text("quotes of a speaker", |size| "“We saw 5 boats,” she said. ".repeat(size / 32)),
    text("speech of a place far away", |size| "Mombasa. ".to_owned() + &"“We saw 5 boats.” ".repeat(size / 22)),
    text("speech that is not attributed", |size| "“We saw 5 boats. ".repeat(size / 19)),
    // Odd characters.
    text("full stops", |size| ".".repeat(size)),
    text("spaces", |size| " ".repeat(size)),
    text("line ends", |size| "\n".repeat(size)),
    text("NULs", |size| "\0".repeat(size)),
    text("combining marks", |size| "5\u{301}".repeat(size / 3)),
    text("letters that grow in lower case", |size| "5 İ ".repeat(size / 5)),
    text("the last code points", |size| "\u{10ffff}5 ".repeat(size / 6)),
    // Other languages, said rightly, wrongly, not at all.
    said("German, said to be", "de", |size| GERMAN.repeat(size / GERMAN.len())),
    said("German, said to be English", "en", |size| GERMAN.repeat(size / GERMAN.len())),
    said("Russian, said to be", "ru", |size| RUSSIAN.repeat(size / RUSSIAN.len())),
    text("Russian, nothing said", |size| RUSSIAN.repeat(size / RUSSIAN.len())),
    said("Chinese, said to be", "zh", |size| CHINESE.repeat(size / CHINESE.len())),
    text("Chinese, nothing said", |size| CHINESE.repeat(size / CHINESE.len())),
    said("English, said to be German", "de", |size| numbered(size, ARTICLE)),
    said("English, of no known language", "\0?", |size| numbered(size, ARTICLE)),
];

const ARTICLE: &str = "At least # people were killed and 31 injured on Friday when a ferry sank off Mombasa, police said. \
                       The line had sold 2,400 tickets at US$6 each, up 12 per cent from 2019, according to Ann Otieno, \
                       34.\n\n“We counted one in five,” she said.\n\n";
const GERMAN: &str =
    "Die Fähre aus Hamburg kam am 5. Mai mit 1.200 Menschen und 3,5 Tonnen Fracht drei Stunden zu spät. ";
const RUSSIAN: &str = "Паром из Одессы пришёл в понедельник с 120 пассажирами на три часа позже. ";
const CHINESE: &str = "渡轮星期一晚了3个小时，载有120人。";

const fn text(name: &'static str, text: fn(usize) -> String) -> Hostile {
    Hostile { name, language: None, text }
}

const fn said(name: &'static str, language: &'static str, text: fn(usize) -> String) -> Hostile {
    Hostile { name, language: Some(language), text }
}

/// The text of a name.
///
/// # Panics
/// Where there is none.
pub(crate) fn of_name(name: &str) -> &'static Hostile {
    TEXTS.iter().find(|text| text.name == name).unwrap_or_else(|| panic!("no hostile text is named {name:?}"))
}

/// Pieces with a number each, all different.
fn numbered(size: usize, piece: &str) -> String {
    let mut text = String::with_capacity(size + 1_000);
    for number in 2.. {
        if text.len() >= size {
            break;
        }
        text += &piece.replace('#', &format!("{number}"));
    }
    text
}
