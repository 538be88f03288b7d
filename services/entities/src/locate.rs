//! Which of the places of a name is meant.
//!
//! First come names that say it themselves (`forms`): "Moscow, Idaho", "the Kherson region", "the Ukrainian city of
//! Odesa". What they settle holds for the other mentions of the name. The others are judged by what the article is
//! about (`evidence`) and by their inhabitants. What is not clear is left open.

mod evidence;
mod forms;
mod hint;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use tallywire_proto::EntityKind;

use crate::{
    gazetteer::{Gazetteer, Place, PlaceClass},
    names::Name,
    words::Word,
};
use evidence::Evidence;
use forms::{Called, Form, Within, form, within};
pub(crate) use hint::Hint;
pub use hint::country_of_url;

/// The most places of a name that are looked at, the greatest first.
const RIVALS: usize = 64;
/// How much clearer than the next a place must be: as if it had three times the inhabitants.
const CLEAR: f64 = 0.45;
/// A country is meant before a city or division of its name, as if it had 30 times the inhabitants.
const COUNTRY: f64 = 1.5;
/// By another name than its main one, a place is meant less, as if it had a twentieth of the inhabitants.
const BY_OTHER_NAME: f64 = 1.3;
/// Where the article is elsewhere, a place is meant only from about as many inhabitants, as a power of ten.
const KNOWN_ELSEWHERE: f64 = 5.0;
/// A name leaves no doubt where the first place of it has as many times the weight of the first in another country.
const NO_DOUBT: u64 = 30;

/// The place that each name means; `None` for other names, unknown places, and where it is not clear.
pub(crate) fn locate<'g>(
    text: &str,
    words: &[Word<'_>],
    names: &[Name],
    gazetteer: &'g Gazetteer,
    hint: &Hint<'_>,
) -> Vec<Option<&'g Place>> {
    let mut bearers = Bearers { gazetteer, of_form: HashMap::new(), lists: Vec::new() };
    let forms: Vec<Option<usize>> = names
        .iter()
        .map(|name| {
            let form = form(text, words, name).filter(|_| name.kind == EntityKind::Place)?;
            Some(bearers.find(form))
        })
        .collect();
    let settled = settle(words, names, &forms, &mut bearers);
    let lists = bearers.lists;

    let mut evidence = Evidence::new(words, gazetteer, hint);
    for (at, form) in forms.iter().enumerate() {
        let Some(list) = form.and_then(|form| lists.get(form)) else { continue };
        let place = settled.of(at, *form).map_or_else(|| list.doubtless(), Said::place);
        if let Some(place) = place {
            evidence.add(place);
        }
    }
    let mut chosen = HashMap::new();
    let choices = forms.iter().enumerate().map(|(at, form)| {
        let (form, list) = form.and_then(|form| Some((form, lists.get(form)?)))?;
        let choice = || *chosen.entry(form).or_insert_with(|| list.choose(&evidence));
        settled.of(at, Some(form)).map_or_else(choice, Said::place)
    });
    choices.collect()
}

/// The places that can be meant by each form of a name.
struct Bearers<'g> {
    gazetteer: &'g Gazetteer,
    of_form: HashMap<Form, usize>,
    lists: Vec<List<'g>>,
}

/// The places that can be meant by a form, the greatest first.
struct List<'g> {
    form: Form,
    places: Vec<&'g Place>,
}

impl Bearers<'_> {
    /// The number of a form's list.
    fn find(&mut self, form: Form) -> usize {
        if let Some(number) = self.of_form.get(&form) {
            return *number;
        }
        let of_name = |name| self.gazetteer.places(name).take(RIVALS).collect::<Vec<&Place>>();
        let (full, mut bare) = (of_name(&form.full), of_name(&form.bare));
        // "Kherson" is the city, not the region around it.
        let cities: Vec<&Place> = bare.iter().copied().filter(|place| is_main(place, &form.bare)).collect();
        let is_around =
            |outer: &Place| outer.class == PlaceClass::Division && cities.iter().any(|city| city.is_in(outer));
        let first = bare.first().filter(|first| !is_around(first)).map(|first| first.class);
        let mut places: Vec<&Place> = full.into_iter().chain(bare.iter().copied()).collect();
        places.retain(|place| form.called.fits(place));
        let mut seen = HashSet::new();
        places.retain(|place| seen.insert(place.geonames));
        // "Texas city", "city of Lebanon", "Iran state television" speak of the state, the country.
        let other = match form.called {
            Called::Nothing => true,
            Called::City => matches!(first, Some(PlaceClass::Country | PlaceClass::Division)),
            Called::Division(_) => places.is_empty() && first == Some(PlaceClass::Country),
        };
        if other {
            bare.retain(|place| !is_around(place));
            places = bare;
        }
        self.lists.push(List { form: form.clone(), places });
        self.of_form.insert(form, self.lists.len() - 1);
        self.lists.len() - 1
    }
}

impl<'g> List<'g> {
    /// The place that is meant by whoever says nothing more, where there is one.
    fn doubtless(&self) -> Option<&'g Place> {
        let (first, others) = self.places.split_first()?;
        let mut rivals = others.iter().filter(|other| !other.is_in(first) && !first.is_in(other));
        let doubt = |rival: &&&Place| match first.class {
            PlaceClass::Country => rival.class != PlaceClass::City,
            _ => first.weight < NO_DOUBT.saturating_mul(rival.weight),
        };
        rivals.find(doubt).is_none().then_some(*first)
    }

    /// The place that the evidence and the inhabitants speak for, if one clearly.
    fn choose(&self, evidence: &Evidence<'_>) -> Option<&'g Place> {
        let judge = |place: &&'g Place| {
            let spoken = evidence.of(place);
            let size = f64::from(u32::try_from(place.weight).unwrap_or(u32::MAX)).max(1000.0).log10();
            let country = if place.class == PlaceClass::Country { COUNTRY } else { 0.0 };
            let other_name = if is_main(place, &self.form.bare) { 0.0 } else { BY_OTHER_NAME };
            (size + country - other_name + spoken, *place)
        };
        let judged: Vec<(f64, &Place)> = self.places.iter().map(judge).collect();
        let (points, best) = judged.iter().copied().max_by(|left, right| left.0.total_cmp(&right.0))?;
        let is_rival = |place: &Place| place.geonames != best.geonames && !place.is_in(best) && !best.is_in(place);
        let clear = judged.iter().all(|(others, place)| !is_rival(place) || points - others >= CLEAR);
        let known = best.class != PlaceClass::City || points >= KNOWN_ELSEWHERE || !evidence.is_any();
        (clear && known).then_some(best)
    }
}

/// Whether a name is the main one of a place.
fn is_main(place: &Place, name: &str) -> bool {
    place.name == name
}

/// What the text says that a name means.
#[derive(Clone, Copy)]
enum Said<'g> {
    Is(&'g Place),
    /// A place that the gazetteer does not have.
    Unknown,
}

impl<'g> Said<'g> {
    fn place(self) -> Option<&'g Place> {
        match self {
            Self::Is(place) => Some(place),
            Self::Unknown => None,
        }
    }
}

/// Names whose places the text says.
struct Settled<'g> {
    /// For each form's number, where and how it was settled, in order.
    of_form: HashMap<usize, Vec<(usize, Said<'g>)>>,
}

impl<'g> Settled<'g> {
    fn add(&mut self, form: usize, at: usize, said: Said<'g>) {
        self.of_form.entry(form).or_default().push((at, said));
    }

    /// What the name at a place was settled as: there, or else before, or else behind.
    fn of(&self, at: usize, form: Option<usize>) -> Option<Said<'g>> {
        let settled = self.of_form.get(&form?)?;
        let behind = settled.partition_point(|(place, _)| *place <= at);
        settled.get(behind.saturating_sub(1)).map(|(_, said)| *said)
    }
}

/// Finds the names whose places the text says.
fn settle<'g>(words: &[Word<'_>], names: &[Name], forms: &[Option<usize>], bearers: &mut Bearers<'g>) -> Settled<'g> {
    let mut settled = Settled { of_form: HashMap::new() };
    for (at, form) in forms.iter().enumerate() {
        let Some(form) = *form else { continue };
        let mut said = None;
        for outer in within(words, names, at, bearers.gazetteer) {
            said = match outer {
                Within::Country(country) => bearers.inside(form, |place| place.country() == country).map(Said::Is),
                Within::Name { at: other, comma } => {
                    let Some(outer_form) = forms.get(other).copied().flatten() else { continue };
                    let pair = bearers.pair(form, outer_form);
                    if let Some((_, outer)) = pair {
                        settled.add(outer_form, other, Said::Is(outer));
                    }
                    let unknown = || (comma && bearers.is_elsewhere(form, outer_form)).then_some(Said::Unknown);
                    pair.map(|(inner, _)| Said::Is(inner)).or_else(unknown)
                }
            };
            if said.is_some() {
                break;
            }
        }
        if let Some(said) = said {
            settled.add(form, at, said);
        }
    }
    // Outer names are settled before their turn comes.
    for places in settled.of_form.values_mut() {
        places.sort_by_key(|(at, _)| *at);
    }
    bearers.share(&mut settled);
    settled
}

impl<'g> Bearers<'g> {
    fn places(&self, form: usize) -> &[&'g Place] {
        self.lists.get(form).map_or(&[], |list| &list.places)
    }

    /// The greatest place of a form, no country, for which a condition holds.
    fn inside(&self, form: usize, holds: impl Fn(&Place) -> bool) -> Option<&'g Place> {
        self.places(form).iter().copied().find(|place| place.class != PlaceClass::Country && holds(place))
    }

    /// A place of a form inside one of another.
    fn pair(&self, inner: usize, outer: usize) -> Option<(&'g Place, &'g Place)> {
        self.places(outer).iter().find_map(|outer| Some((self.inside(inner, |place| place.is_in(outer))?, *outer)))
    }

    /// Whether a city is said to be in a division that has none of that name: another one, too small to be known.
    fn is_elsewhere(&self, inner: usize, outer: usize) -> bool {
        let class = |form| self.places(form).first().map(|place| place.class);
        class(inner) == Some(PlaceClass::City) && class(outer) == Some(PlaceClass::Division)
    }

    /// What "the city of London" and "Georgia state" are, "London" and "Georgia" are in the same article.
    fn share(&self, settled: &mut Settled<'g>) {
        let mut shared = Vec::new();
        for (form, places) in &settled.of_form {
            let Some(list) = self.lists.get(*form).filter(|list| list.form.called != Called::Nothing) else { continue };
            let alone = Form { full: list.form.bare.clone(), bare: list.form.bare.clone(), called: Called::Nothing };
            let Some(alone) = self.of_form.get(&alone).filter(|alone| !settled.of_form.contains_key(alone)) else {
                continue;
            };
            let bears = |place: &Place| self.places(*alone).iter().any(|other| other.geonames == place.geonames);
            if places.iter().all(|(_, said)| said.place().is_some_and(bears)) {
                shared.push((*alone, places.clone()));
            }
        }
        settled.of_form.extend(shared);
    }
}

#[cfg(test)]
mod tests;
