//! An enriched article as a person reads it.

use std::fmt::Write;

use tallywire_proto::{Enriched, Entity, EntityKind, Figure};

/// Figures shown of one article.
const FIGURES: usize = 12;
/// Names shown of one kind.
const NAMES: usize = 8;

/// An article in some lines, with a blank line behind it.
pub(crate) fn article(enriched: &Enriched) -> String {
    let article = &enriched.article;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}", article.title.as_deref().unwrap_or("(no title)"));
    let published = article.published_at.map(|time| time.to_string());
    let about: Vec<String> = [
        Some(article.feed.clone()),
        published,
        article.language.clone(),
        (!article.byline.is_empty()).then(|| format!("by {}", article.byline.join(", "))),
        article.canonical_url.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let _ = writeln!(text, "  {}", about.join(" · "));
    for (label, kind) in
        [("people", EntityKind::Person), ("organizations", EntityKind::Organization), ("places", EntityKind::Place)]
    {
        names(&mut text, label, enriched.entities.iter().filter(|entity| entity.kind == kind));
    }
    for figure in enriched.figures.iter().take(FIGURES) {
        let _ = writeln!(text, "  {:<14} {}", "figure", figure_line(enriched, figure));
    }
    if enriched.figures.len() > FIGURES {
        let _ = writeln!(text, "  {:<14} and {} more figures", "", enriched.figures.len() - FIGURES);
    }
    text.push('\n');
    text
}

fn names<'e>(text: &mut String, label: &str, entities: impl Iterator<Item = &'e Entity>) {
    let names: Vec<String> = entities
        .take(NAMES)
        .map(|entity| {
            let roles: Vec<&str> = entity.roles.iter().map(|role| role.text.as_str()).collect();
            let country = entity.location.as_ref().map(|location| location.country.as_str());
            match (roles.first(), country) {
                (Some(role), _) => format!("{} ({role})", entity.name),
                (None, Some(country)) => format!("{} ({country})", entity.name),
                (None, None) => entity.name.clone(),
            }
        })
        .collect();
    if !names.is_empty() {
        let _ = writeln!(text, "  {label:<14} {}", names.join("; "));
    }
}

fn figure_line(enriched: &Enriched, figure: &Figure) -> String {
    let mut line = format!("{} = {}", one_line(&figure.text), value(figure));
    if let Some(event) = &figure.event {
        let _ = write!(line, " · {}", event.class);
    }
    if let Some(time) = figure.time.and_then(|index| enriched.times.get(index)) {
        let _ = write!(line, " · {}", time.value.as_deref().unwrap_or(&time.text));
    }
    if let Some(source) = &figure.source {
        let _ = write!(line, " · says {}", one_line(&source.name));
    }
    line
}

fn value(figure: &Figure) -> String {
    let number = |number: tallywire_proto::Number| number.0.to_string();
    let value = match (figure.value.low.map(number), figure.value.high.map(number)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("up to {high}"),
        (None, None) => "?".to_owned(),
    };
    of_what(figure).map_or_else(|| value.clone(), |of| format!("{value} {of}"))
}

/// The unit, or what is counted: "kilometre per hour", "USD", "people".
pub(crate) fn of_what(figure: &Figure) -> Option<String> {
    let unit = figure.unit.currency.as_deref().or(figure.unit.name.as_deref());
    let unit = unit.or(figure.counted.as_ref().map(|counted| counted.phrase.as_str())).map(str::to_owned);
    let per = figure.unit.per.as_ref().map(|per| format!("per {per}"));
    let parts: Vec<String> = unit.into_iter().chain(per).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use tallywire_proto::Message;

    use super::*;

    #[test]
    fn the_sample_article_reads_well() {
        let sample = include_bytes!("../../../proto/samples/enriched.json");
        insta::assert_snapshot!(article(&Enriched::decode(sample).unwrap()));
    }
}
