//! Figures as the rows of a table.

use tallywire_proto::{Direction, Event, Figure, Modifier, StatedFigure};

use crate::readable::{of_what, one_line};

/// The columns, with their widths in characters: 120 in all, with two between each.
const COLUMNS: [(&str, usize); 7] =
    [("PUBLISHED", 10), ("PLACE", PLACE), ("VALUE", 13), ("OF WHAT", 16), ("EVENT", 14), ("SOURCE", 16), ("TITLE", 21)];

const PLACE: usize = 18;

/// The table's first line.
pub(crate) fn header() -> String {
    row(COLUMNS.map(|(name, _)| name.to_owned()))
}

/// A figure in a line.
pub(crate) fn figure(stated: &StatedFigure) -> String {
    let figure = &stated.figure;
    let source = figure.source.as_ref().map(|source| source.name.as_str());
    let published = stated.article.published_at.map(|moment| moment.day().to_string());
    row([
        published.unwrap_or_default(),
        place(stated),
        value(figure),
        of_what(figure).unwrap_or_default(),
        figure.event.as_ref().map(Event::label).unwrap_or_default(),
        stated.source.as_ref().map(|named| named.name.as_str()).or(source).unwrap_or_default().to_owned(),
        stated.article.title.clone().unwrap_or_default(),
    ])
}

fn row(cells: [String; COLUMNS.len()]) -> String {
    let padded = cells.into_iter().zip(COLUMNS).map(|(cell, (_, width))| format!("{:<width$}", clipped(&cell, width)));
    format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
}

/// With commas between thousands.
fn number(number: tallywire_proto::Number) -> String {
    let plain = number.0.abs().to_string();
    let whole = plain.find('.').unwrap_or(plain.len());
    let mut text = if number.0 < 0.0 { "-".to_owned() } else { String::new() };
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text in one line of so many characters at most.
fn clipped(text: &str, width: usize) -> String {
    let line: String = one_line(text).chars().filter(|character| !character.is_control()).collect();
    if line.chars().count() <= width {
        return line;
    }
    line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// "Arequipa, PE": the country stays where the name is too long.
fn place(stated: &StatedFigure) -> String {
    let Some(place) = &stated.place else { return String::new() };
    match stated.country() {
        Some(country) => format!("{}, {country}", clipped(&place.name, PLACE.saturating_sub(2 + country.len()))),
        None => place.name.clone(),
    }
}

fn value(figure: &Figure) -> String {
    let bounds = match (figure.value.low.map(number), figure.value.high.map(number)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    };
    let way = match figure.direction {
        Some(Direction::Up) => "↑ ",
        Some(Direction::Down) => "↓ ",
        None => "",
    };
    let about = if figure.modifier == Modifier::About { "~ " } else { "" };
    format!("{way}{about}{bounds}")
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{Enriched, Message};

    use super::*;

    #[test]
    fn the_samples_figures_are_a_table() {
        let sample = Enriched::decode(include_bytes!("../../../proto/samples/enriched.json")).unwrap();
        let rows: String = StatedFigure::all_of(&sample).iter().map(figure).collect();
        let table = header() + &rows;
        assert!(table.lines().all(|line| line.chars().count() <= 120));
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_is_too_long_or_odd_stays_in_its_column() {
        assert_eq!(clipped("a\n\u{1b}[31m b  c", 20), "a [31m b c");
        assert_eq!(clipped("Mwanzaé", 6), "Mwanz…");
    }

    #[test]
    fn thousands_are_told_apart() {
        let text = |value| number(tallywire_proto::Number(value));
        assert_eq!([text(7.0), text(-4200.0), text(1_234_567.25)], ["7", "-4,200", "1,234,567.25"]);
    }
}
