//! Comparing where the places of an article were said to be, and which of them stand for their governments, with what
//! is annotated.

use foldhash::HashMap;

use tallywire_proto::{Entity, EntityKind, Mention};
use tallywire_text::CodePoints;

use super::{
    article::{Article, Entry},
    score::Scores,
};
use crate::Reading;

/// How far from the annotated point a place may lie: the middle of an area is a matter of taste.
const NEAR_KM: f64 = 50.0;

impl Scores {
    /// Adds the scores of an article's mentions of places: those linked, those linked in the right country, those
    /// linked to the right place, and the metonyms.
    pub(super) fn add_places(&mut self, article: &Article, reading: &Reading) {
        let points = CodePoints::new(&article.text);
        let places = reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place);
        let found: HashMap<(usize, usize), (&Entity, &Mention)> = places
            .flat_map(|entity| entity.mentions.iter().map(move |mention| (entity, mention)))
            .map(|(entity, mention)| ((mention.start, mention.end), (entity, mention)))
            .collect();
        let [mut all, mut linked, mut in_country, mut right] = [0; 4];
        let [mut metonyms, mut marked, mut rightly_marked] = [0; 3];
        for (range, entity, is_metonym) in &article.mentions {
            let entry = &article.entities[entity];
            if entry.kind != Some(EntityKind::Place) {
                continue;
            }
            let name = &article.text[range.clone()];
            let place = found.get(&(points.at(range.start), points.at(range.end)));

            let location = place.and_then(|(place, _)| place.location.as_ref());
            let is_in_country = location.is_some_and(|location| Some(&location.country) == entry.country.as_ref());
            let is_right = is_in_country && place.is_some_and(|(place, _)| is_there(place, entry));
            all += 1;
            linked += usize::from(location.is_some());
            in_country += usize::from(is_in_country);
            right += usize::from(is_right);
            if !is_right {
                self.report.push(format!("place missed: {name}, linked to {location:?}"));
            }

            let is_marked = place.is_some_and(|(_, mention)| mention.metonym);
            metonyms += usize::from(*is_metonym);
            marked += usize::from(is_marked);
            rightly_marked += usize::from(*is_metonym && is_marked);
            if is_marked != *is_metonym {
                self.report.push(format!("metonym {}: {name}", if is_marked { "wrong" } else { "missed" }));
            }
        }
        self.count("places, linked", linked, linked, all);
        self.count("places, country", in_country, linked, all);
        self.count("places", right, linked, all);
        self.count("metonyms", rightly_marked, marked, metonyms);
    }
}

/// Whether a place is the annotated one, or near it.
fn is_there(place: &Entity, entry: &Entry) -> bool {
    let is_same = entry.geonames.is_some() && place.links.geonames == entry.geonames;
    let annotated = entry.latitude.zip(entry.longitude);
    let found = place.location.as_ref().map(|location| (location.latitude, location.longitude));
    is_same || annotated.zip(found).is_some_and(|(annotated, found)| kilometres(annotated, found) <= NEAR_KM)
}

fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let ((from_latitude, from_longitude), (to_latitude, to_longitude)) = (from, to);
    let along = ((to_latitude - from_latitude).to_radians() / 2.0).sin();
    let across = ((to_longitude - from_longitude).to_radians() / 2.0).sin();
    let parallels = from_latitude.to_radians().cos() * to_latitude.to_radians().cos();
    2.0 * 6371.0 * (along * along + parallels * across * across).sqrt().asin()
}
