//! Any text is read, whatever is said of it: language, date, entities and quotes with spans that fit nothing. The laws
//! hold.
//!
//! The first bytes say what is said of the text; of the others each picks a piece of news, or they are the text.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};
use tallywire_figures::{Input, Reader};
use tallywire_proto::{Entity, EntityKind, Links, Location, Mention, Quote, Speaker};

#[path = "../../tests/support/laws.rs"]
mod laws;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

const LANGUAGES: &str = "en|en-GB|de|fr|es|pl|fi|hi|zh|ar|x|EN_us||\u{0}|a-very-long-code-of-no-language";
const COUNTRIES: &str = "x|US|GB|AU|pe||ZZ|\u{0}|a country";
const DATES: &str = "2026-03-12|2026-03-12T09:30:00Z|2024-02-29T23:59:59-12:00|-009999-01-01|9999-12-31|0000-01-01|none";
const PIECES: &str = " |\n|\n\n|. |, |; |: |? |! |-| - |–| — |/|(|) |“|”|\"|'|’s |é|\u{301}|½|¼|\u{a0}|\u{202f}|\0|日|٣|0|1|7|12|\
    2019|1,200|1.5|12,34,567|.5|007|$|£|€|US$|¥|₹|%|°C|km|m|bn|m |ft|in |kg|mph|p|c|million |billion |thousand |hundred |\
    dozen |dozens of |scores of |one |two |three |twenty|-five|half |a |an |the |third |quarter |quarters |two-thirds|\
    first |second |largest |percent |per cent |percentage points |per |100,000 |people |boats |years old|year-old|aged |\
    at least |more than |up to |about |nearly |between |from |to |and |or |of |in |by |rose |fell |killed |died |injured |\
    were |not |will |denied |lay off |said |told |according to |police |officials |Ono |Lima |Friday |last |next |week |\
    ago |days |March |May |2nd |9/11|5 p.m.|10:30|24/7|Section |Boeing |No. |+44 20 7946 0000|twice |times |fold|3-1|\
    one in five |out of |plus |minus |−|~|≥|x|e9|1e400|th|st";

fn piece<'t>(all: &'t str, number: u8) -> &'t str {
    let pieces: Vec<&str> = all.split('|').collect();
    pieces[usize::from(number) % pieces.len()]
}

fn entity(bytes: &mut Unstructured, number: usize) -> Result<Entity> {
    let kinds = [EntityKind::Place, EntityKind::Place, EntityKind::Person, EntityKind::Organization];
    let mention = |bytes: &mut Unstructured| -> Result<Mention> {
        let (start, end) = (offset(bytes)?, offset(bytes)?);
        Ok(Mention { start, end, text: "Lima".to_owned(), metonym: bytes.arbitrary()? })
    };
    let location = Location { country: "PE".to_owned(), subdivision: None, latitude: -12.0, longitude: -77.0, population: None };
    Ok(Entity {
        id: format!("e{number}"),
        kind: *bytes.choose(&kinds)?,
        name: "Lima".to_owned(),
        roles: Vec::new(),
        mentions: (0..bytes.int_in_range(0..=3)?).map(|_| mention(bytes)).collect::<Result<_>>()?,
        links: Links::default(),
        location: bytes.arbitrary::<bool>()?.then_some(location),
        salience: 1.0,
        confidence: 1.0,
    })
}

fn quote(bytes: &mut Unstructured) -> Result<Quote> {
    let speaker = Speaker { entity: Some(format!("e{}", bytes.int_in_range(1..=6)?)), name: "Ono".to_owned() };
    Ok(Quote {
        start: offset(bytes)?,
        end: offset(bytes)?,
        text: "We sold 12 boats".to_owned(),
        speaker: bytes.arbitrary::<bool>()?.then_some(speaker),
        cue: bytes.arbitrary::<bool>()?.then(|| "said".to_owned()),
    })
}

/// Mostly one that a short text has.
fn offset(bytes: &mut Unstructured) -> Result<usize> {
    Ok(match bytes.arbitrary::<u8>()? {
        255 => usize::MAX,
        254 => bytes.arbitrary::<u32>()? as usize,
        small => usize::from(small),
    })
}

fn read(mut bytes: Unstructured) -> Result<()> {
    let language = piece(LANGUAGES, bytes.arbitrary()?);
    let country = piece(COUNTRIES, bytes.arbitrary()?);
    let published = piece(DATES, bytes.arbitrary()?);
    let entities: Vec<Entity> =
        (0..bytes.int_in_range(0..=4)?).map(|number| entity(&mut bytes, number + 1)).collect::<Result<_>>()?;
    let quotes: Vec<Quote> = (0..bytes.int_in_range(0..=3)?).map(|_| quote(&mut bytes)).collect::<Result<_>>()?;
    let in_pieces = bytes.arbitrary::<bool>()?;
    let rest = bytes.take_rest();
    let text = if in_pieces {
        rest.iter().map(|byte| piece(PIECES, *byte)).collect()
    } else {
        String::from_utf8_lossy(rest).into_owned()
    };
    let reading = READER.read(&Input {
        text: &text,
        language: (language != "x").then_some(language),
        country: (country != "x").then_some(country),
        published_at: published.parse().ok(),
        entities: &entities,
        quotes: &quotes,
    });
    laws::assert_laws(&text, &entities, &reading);
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    // Too few bytes are no case.
    let _ = read(Unstructured::new(data));
});
