//! Texts made to hurt: without capitals or spaces, full of names, quotation marks and roles, nested, of other scripts.

/// A text made to hurt.
pub(crate) struct Hostile {
    /// What it is.
    pub(crate) name: &'static str,
    /// What is said of its language.
    pub(crate) language: Option<&'static str>,
    /// Makes it, of about so many bytes, before [`STORY`].
    pub(crate) text: fn(usize) -> String,
}

/// How each ends: what comes before keeps nobody from finding [`PLACE`].
pub(crate) const STORY: &str = "\n\nPeter Mwangi left Nairobi on Monday.";
/// The place of [`STORY`].
pub(crate) const PLACE: &str = "Nairobi";

/// All of them.
pub(crate) const TEXTS: &[Hostile] = &[
    // Ordinary, or nearly.
    text("an ordinary article, very long", article),
    text("no capital", |size| article(size).to_lowercase()),
    text("all capitals", |size| article(size).to_uppercase()),
    text("no full stop", |size| article(size).replace(['.', '\n'], " ")),
    text("a line each word", |size| article(size).replace(' ', "\n")),
    text("a paragraph each word", |size| article(size).replace(' ', "\n\n")),
    text("spaces doubled and broken", |size| article(size).replace(' ', " \u{a0}\t ")),
    // Other languages, said rightly, wrongly, not at all.
    said("German, said to be", "de", |size| GERMAN.repeat(size / GERMAN.len())),
    said("German, said to be English", "en", |size| GERMAN.repeat(size / GERMAN.len())),
    text("German, nothing said", |size| GERMAN.repeat(size / GERMAN.len())),
    said("Russian, said to be", "ru", |size| RUSSIAN.repeat(size / RUSSIAN.len())),
    said("Russian, said to be English", "en", |size| RUSSIAN.repeat(size / RUSSIAN.len())),
    said("Arabic, said to be", "ar", |size| ARABIC.repeat(size / ARABIC.len())),
    text("Arabic, nothing said", |size| ARABIC.repeat(size / ARABIC.len())),
    said("Chinese, said to be", "zh", |size| CHINESE.repeat(size / CHINESE.len())),
    said("Chinese, said to be English", "en", |size| CHINESE.repeat(size / CHINESE.len())),
    said("English, said to be German", "de", article),
    said("English, of no known language", "\0?", article),
    // No spaces, no words.
    text("one word of small letters", |size| "a".repeat(size)),
    text("one word of capitals", |size| "A".repeat(size)),
    text("one word of both", |size| "Aa".repeat(size / 2)),
    text("names without spaces", |size| article(size).replace([' ', '\n'], "")),
    text("initials without spaces", |size| "A.".repeat(size / 2)),
    text("names hyphenated without end", |size| "Ann-".repeat(size / 4)),
    text("names joined by & without end", |size| "A&".repeat(size / 2)),
    text("digits and stops", |size| "1.".repeat(size / 2)),
    text("full stops", |size| ".".repeat(size)),
    text("brackets", |size| "(".repeat(size)),
    text("line ends", |size| "\n".repeat(size)),
    text("spaces", |size| " ".repeat(size)),
    // Odd characters.
    text("NULs", |size| "\0".repeat(size)),
    text("NULs between words", |size| article(size).replace(' ', "\0")),
    text("control characters", |size| (0..size).map(|at| char::from((at % 32) as u8)).collect()),
    text("combining marks", |size| "\u{301}".repeat(size / 2)),
    text("letters with many combining marks", |size| ("A".to_owned() + &"\u{308}".repeat(50) + " ").repeat(size / 102)),
    text("right to left marks", |size| "\u{202e}Ann \u{202c}\u{200f}Lee\u{2067} ".repeat(size / 24)),
    text("joiners of no width", |size| "A\u{200d}n\u{200b}n\u{feff} ".repeat(size / 13)),
    text("letters that grow in lower case", |size| "İ".repeat(size / 2)),
    text("words that grow in lower case", |size| "İİ ẞ ".repeat(size / 9)),
    text("flags", |size| "🇰🇪".repeat(size / 8)),
    text("the last code points", |size| "\u{10ffff}\u{fffd} ".repeat(size / 8)),
    // Names.
    text("one name", |size| "Ann Lee ".repeat(size / 8)),
    text("one name, listed", |size| "Ann Lee, ".repeat(size / 9)),
    text("one name, said", |size| "Ann Lee left. ".repeat(size / 14)),
    text("different names", |size| numbered(size, |name| format!("{name} {name}son left. "))),
    text("different names in a list", |size| numbered(size, |name| format!("{name} {name}son, "))),
    text("different names, nothing between", |size| numbered(size, |name| format!("{name} "))),
    text("one first name", |size| numbered(size, |name| format!("Ann {name} left. "))),
    text("one surname", |size| numbered(size, |name| format!("{name} Lee left. "))),
    text("one surname, then alone", |size| {
        numbered(size / 2, |name| format!("{name} Lee left. ")) + &"Lee left. ".repeat(size / 20)
    }),
    text("surnames, then each alone", |size| {
        numbered(size / 2, |name| format!("Ann {name} left. ")) + &numbered(size / 2, |name| format!("{name} came. "))
    }),
    text("one initial", |size| numbered(size, |name| format!("J. {name} met Jo. {name}. "))),
    text("forms of address", |size| "Mr. ".repeat(size / 4)),
    text("titles", |size| "President Minister ".repeat(size / 19)),
    text("of without end", |size| "Bank of ".repeat(size / 8)),
    text("and without end", |size| "Ann Lee and ".repeat(size / 12)),
    text("possessives without end", |size| "Ann's ".repeat(size / 6)),
    text("different organizations", |size| numbered(size, |name| format!("the {name} Bank said. "))),
    text("organizations of one beginning", |size| numbered(size, |name| format!("the Lakeside Bank of {name} said. "))),
    text("different acronyms", |size| {
        numbered(size, |name| format!("The {name} Farm Union ({}FU) said. ", name.to_uppercase()))
    }),
    text("one acronym of many organizations", |size| {
        numbered(size, |name| format!("The Lake {name} Union (LXU) said. The LXU left. "))
    }),
    text("an organization of many words", |size| {
        "The Ministry of ".to_owned() + &numbered(size, |name| format!("{name}, ")) + "and Health said."
    }),
    // Places.
    text("places of many entries", |size| "Springfield, San Jose, Victoria, ".repeat(size / 33)),
    text("places in places", |size| "Paris, Texas, Moscow, Idaho, ".repeat(size / 29)),
    text("places without entries", |size| numbered(size, |name| format!("They left {name} River in {name}stan. "))),
    text("capitals that act", |size| "Moscow told Washington that Beijing said ".repeat(size / 41)),
    // Roles.
    text("roles without end", |size| {
        "Ann Lee, ".to_owned() + &"the head of the head of the ".repeat(size / 28) + "bank, left."
    }),
    text("roles without a name", |size| "the minister, the president and ".repeat(size / 32)),
    text("a role each", |size| "the president of Kenya, Ann Lee, chair of the board, ".repeat(size / 53)),
    text("role nouns in a row", |size| "chief executive officer president minister ".repeat(size / 43)),
    text("pronouns", |size| "Ann Lee left. ".to_owned() + &"she told him that he said ".repeat(size / 26)),
    // Quotation marks.
    text("straight marks", |size| "\"".repeat(400_000.min(size))),
    text("apostrophes", |size| "'".repeat(400_000.min(size))),
    text("opening marks", |size| "“".repeat(400_000.min(size / 3))),
    text("closing marks", |size| "”".repeat(400_000.min(size / 3))),
    text("marks of all kinds", |size| "“‘\"'«„”’»".repeat(400_000.min(size) / 9)),
    text("pairs of marks", |size| "“”".repeat(400_000.min(size / 3) / 2)),
    text("marks opened before words", |size| "“so it went ".repeat(size / 14)),
    text("nested quotes", |size| {
        let depth = size / 30;
        "“we said ‘they say ".repeat(depth) + &"’ of it” ".repeat(depth)
    }),
    text("an open quote each paragraph", |size| "“We came by night.\n\n".repeat(size / 22)),
    text("quotes of no speaker", |size| "“We came by night.” ".repeat(size / 24)),
    text("quotes in one sentence", |size| "“we came by night” and ".repeat(size / 27)),
    text("quotes and one speaker", |size| "“We came by night,” Ann Lee said. ".repeat(size / 38)),
    text("quotes and different speakers", |size| {
        numbered(size, |name| format!("“We came by night,” {name} {name}son said. "))
    }),
    text("quotes and pronouns", |size| {
        "Ann Lee met Peter Mwangi. ".to_owned() + &"“We came by night,” she said. ".repeat(size / 34)
    }),
    text("quotes and ministers", |size| {
        numbered(size / 2, |name| format!("Minister {name} left. "))
            + &"“We came by night,” the minister said. ".repeat(size / 86)
    }),
    text("sources without end", |size| "“We came by night,” said ".to_owned() + &"the lawyer of ".repeat(size / 14)),
    text("speech verbs", |size| "said told added according to ".repeat(size / 29)),
    // Sentences.
    text("one sentence of small words", |size| "the sea was calm and ".repeat(size / 21)),
    text("one sentence of names", |size| numbered(size, |name| format!("and {name} Lee of Nairobi "))),
    text("a heading without end", |size| "Police Arrest Three Men In Paris After ".repeat(size / 39)),
    text("colons", |size| "Ann Lee: ".repeat(size / 9)),
];

const GERMAN: &str = "Die Fähre aus Hamburg kam am Montag drei Stunden zu spät, sagte Anna Schmidt vom Hafenamt. ";
const RUSSIAN: &str = "Паром из Одессы пришёл в понедельник на три часа позже, сказала Анна Петрова. ";
const ARABIC: &str = "وصلت العبارة من بيروت متأخرة ثلاث ساعات يوم الاثنين، قالت ليلى حداد. ";
const CHINESE: &str = "渡轮星期一晚了三个小时才到，港务局的王丽说。";

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

/// News as it comes, with ever other people.
fn article(size: usize) -> String {
    let paragraph = |name: String| {
        format!(
            "The ferry came three hours late on Monday, after a storm had closed the harbour of Mombasa. “Nobody was \
             hurt,” said {name} Otieno, head of the Kenya Ports Authority (KPA). Ms. {name} told reporters that 14 \
             people had to wait.\n\nIn Nairobi, {name} Otieno's office said the KPA would pay. Lakeside Shipping Ltd \
             did not answer.\n\n"
        )
    };
    numbered(size, paragraph)
}

/// Pieces with a name each, all different.
fn numbered(size: usize, piece: impl Fn(String) -> String) -> String {
    let mut text = String::with_capacity(size + 1_000);
    let mut number = 0;
    while text.len() < size {
        text += &piece(name(number));
        number += 1;
    }
    text
}

/// A name for each number.
fn name(mut number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "de", "ki", "lo", "mu", "na", "ri", "so", "tu", "ve"];
    let mut name = "Ma".to_owned();
    while number > 0 {
        name += SYLLABLES[number % 10];
        number /= 10;
    }
    name
}
