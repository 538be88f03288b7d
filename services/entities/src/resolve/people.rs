//! Which names mean the same person.
//!
//! Full names are compared with each other first. A surname, or a first name, then means the person of that name who
//! was last named in full, or else the first who will be. Forms of address and first names tell a man from a woman of
//! the same surname; kin ("his daughter Ann Carter") do not take the surname over from who bore it before.

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::EntityKind;

use super::{
    groups::Groups,
    person_form::{Fit, PersonForm, is_initial, other_forms},
};
use crate::{gender::Gender, names::Name, words::Word};

/// How many people of one name are told apart.
const MOST_NAMESAKES: usize = 8;

/// Joins the names of each person.
pub(super) fn join_people(words: &[Word<'_>], names: &[Name], groups: &mut Groups) {
    let mut forms: Vec<(usize, PersonForm)> = Vec::new();
    let mut next = words.len();
    for (at, name) in names.iter().enumerate().rev().filter(|(_, name)| name.kind == EntityKind::Person) {
        forms.push((at, PersonForm::new(words, name, next)));
        next = name.words.start;
    }
    forms.reverse();
    let mut people = People::default();
    let of_form: Vec<Option<usize>> =
        forms.iter().map(|(at, form)| form.is_full().then(|| people.introduce(*at, form))).collect();
    let all = people.all();
    let mut so_far = Bearers::default();
    let mut lone = HashMap::new();
    for ((at, form), person) in forms.iter().zip(of_form) {
        if let Some(person) = person {
            so_far.put(person, &people.people[person].form, form.is_kin);
            groups.join(people.people[person].name, *at);
            continue;
        }
        let Some(part) = form.parts.first() else { continue };
        if let Some(person) = people.meant(&so_far, part, form.gender).or_else(|| people.meant(&all, part, form.gender))
        {
            let person = &mut people.people[person];
            person.gender = person.gender.or(form.gender);
            groups.join(person.name, *at);
        } else {
            groups.join(*lone.entry((part, form.gender)).or_insert(*at), *at);
        }
    }
}

struct Person {
    /// The first full name.
    name: usize,
    /// The fullest.
    form: PersonForm,
    gender: Option<Gender>,
    /// Where `gender` is not known.
    likely: Option<Gender>,
}

#[derive(Default)]
struct People {
    people: Vec<Person>,
    by_part: HashMap<String, Vec<usize>>,
}

impl People {
    /// The person of a full name, who may be new.
    fn introduce(&mut self, name: usize, form: &PersonForm) -> usize {
        let telling = || form.parts.iter().filter(|part| !is_initial(part));
        let namesakes =
            telling().filter_map(|part| self.by_part.get(part)).flat_map(|of| of.iter().rev().take(MOST_NAMESAKES));
        let mut fits: Vec<(Fit, usize)> =
            namesakes.filter_map(|person| Some((self.people[*person].form.fit(form)?, *person))).collect();
        fits.sort_unstable();
        fits.dedup();
        // "J. Ono" is Jane Ono only if there is no John Ono.
        let found = match fits[..] {
            [.., (Fit::Good, person)] | [(Fit::Loose, person)] => Some(person),
            _ => None,
        };
        let person = found.unwrap_or(self.people.len());
        if found.is_none() {
            self.people.push(Person { name, form: form.clone(), gender: None, likely: None });
        } else if form.fullness() > self.people[person].form.fullness() {
            let suffix = self.people[person].form.suffix.take();
            self.people[person].form = PersonForm { suffix: form.suffix.clone().or(suffix), ..form.clone() };
        }
        for part in telling() {
            let of = self.by_part.entry(part.clone()).or_default();
            if !of.iter().rev().take(MOST_NAMESAKES).any(|known| *known == person) {
                of.push(person);
            }
        }
        let known = &mut self.people[person];
        known.gender = known.gender.or(form.gender);
        known.likely = known.likely.or(form.likely);
        person
    }

    /// All people, the first one named counting most.
    fn all(&self) -> Bearers {
        let mut all = Bearers::default();
        for (person, known) in self.people.iter().enumerate() {
            all.put(person, &known.form, true);
        }
        all
    }

    /// Whom a single part of a name means.
    fn meant(&self, bearers: &Bearers, part: &str, gender: Option<Gender>) -> Option<usize> {
        let meant = |by: &HashMap<String, Vec<usize>>, part: &str| {
            let bearers = by.get(part)?;
            let of = |wanted: Option<Gender>| {
                let gender = |person: &Person| person.gender.or(person.likely);
                bearers.iter().rev().copied().find(|person| self.people.get(*person).map(gender) == Some(wanted))
            };
            match gender {
                Some(_) => of(gender).or_else(|| of(None)),
                None => bearers.last().copied(),
            }
        };
        meant(&bearers.surnames, part)
            .or_else(|| meant(&bearers.inner, part))
            .or_else(|| meant(&bearers.given_names, part))
            .or_else(|| other_forms(part).find_map(|form| meant(&bearers.given_names, form)))
    }
}

/// From each part of a name to who bears it; the last one is meant.
#[derive(Default)]
struct Bearers {
    surnames: HashMap<String, Vec<usize>>,
    /// The parts between first name and last: "Peña" of "Enrique Peña Nieto".
    inner: HashMap<String, Vec<usize>>,
    given_names: HashMap<String, Vec<usize>>,
}

impl Bearers {
    /// Puts a person last, to be meant by each part of the name; or first, to be meant if no other is.
    fn put(&mut self, person: usize, form: &PersonForm, behind_others: bool) {
        let [given, inner @ .., surname] = &form.parts[..] else { return };
        put(&mut self.surnames, surname, person, behind_others);
        if form.has_family_name_first() {
            put(&mut self.surnames, given, person, behind_others);
        }
        put(&mut self.given_names, given, person, behind_others);
        for part in inner.iter().filter(|part| !is_initial(part)) {
            put(&mut self.inner, part, person, behind_others);
        }
    }
}

fn put(by: &mut HashMap<String, Vec<usize>>, part: &str, person: usize, behind_others: bool) {
    let bearers = by.entry(part.to_owned()).or_default();
    if behind_others {
        if !bearers.contains(&person) && bearers.len() < MOST_NAMESAKES {
            bearers.insert(0, person);
        }
        return;
    }
    bearers.retain(|known| *known != person);
    if bearers.len() == MOST_NAMESAKES {
        bearers.remove(0);
    }
    bearers.push(person);
}

#[cfg(test)]
mod tests {
    use tallywire_proto::EntityKind;

    use crate::{marked::with_names, resolve::groups::Groups};

    /// For each name the number of the first one that means the same person.
    fn joined(marked: &str) -> Vec<usize> {
        with_names(marked, EntityKind::Person, |_, words, names| {
            let mut groups = Groups::new(names.len());
            super::join_people(&words.words, names, &mut groups);
            (0..names.len()).map(|name| groups.first(name)).collect()
        })
    }

    #[test]
    fn short_forms_mean_the_full_name() {
        assert_eq!(joined("[PUTIN] spoke. [Vladimir Putin] left. Mr. [Putin]'s plane waited for [Vladimir]."), [0; 4]);
        assert_eq!(joined("[Anna van der Berg] met [Van der Berg]. [Berg] was late."), [0; 3]);
        assert_eq!(joined("[Omar al-Bashir] left. [al-Bashir] and [Bashir] came."), [0; 3]);
        assert_eq!(joined("[Enrique Peña Nieto] won. [Peña] smiled, [Pena Nieto] waved. [Enrique Peña] left."), [0; 4]);
        assert_eq!(joined("[Xi Jinping] spoke. President [Xi] left."), [0; 2]);
        assert_eq!(joined("[Kim Jong Un] and [Kim Jong-un] are one."), [0; 2]);
        assert_eq!(joined("[George W. Bush] met [George Bush] and [G. W. Bush]."), [0; 3]);
        assert_eq!(joined("[Walter Pruitt] left. [Walt] is tired."), [0; 2]);
        assert_eq!(joined("[Bill Carter] is [William Carter], and [JD Carter] is not."), [0, 0, 2]);
    }

    #[test]
    fn initials_are_one_with_a_first_name_only_where_no_other_fits() {
        assert_eq!(joined("[Jane Ono] sang. [J. K. Ono] danced."), [0, 0]);
        assert_eq!(joined("[Jane Ono] sang. [John Ono] too. [J. Ono] danced."), [0, 1, 2]);
        assert_eq!(joined("[Jane Maria Ono] sang. [J. K. Ono] danced."), [0, 1]);
    }

    #[test]
    fn namesakes_are_kept_apart() {
        assert_eq!(joined("[John Carter] met [Mary Carter]. Mr. [Carter] left, Mrs. [Carter] stayed."), [0, 1, 0, 1]);
        assert_eq!(joined("[Paul Stone] said no. [Stone] left. [Ann Stone] said yes. [Stone] stayed."), [0, 0, 2, 2]);
        assert_eq!(
            joined("[Paul Stone] and his daughter [Ann Stone] came. [Stone] spoke, [Ann] did not."),
            [0, 1, 0, 1]
        );
        assert_eq!(
            joined("[Kit Poe] gave up his shop. [Robin Poe] sold her house. Mr. [Poe] wept, Ms. [Poe] did not."),
            [0, 1, 0, 1]
        );
        assert_eq!(joined("[John Carter Sr.] and [John Carter Jr.] met."), [0, 1]);
        assert_eq!(joined("[John Carter] and [John Carter Jr.] met. [John Carter] left."), [0, 1, 0]);
        assert_eq!(joined("[John Carter Jr.] came. [John Carter] left. [John Carter Jr.] did not."), [0; 3]);
        assert_eq!(joined("[John Paul] is [John Paul II]."), [0, 0]);
        assert_eq!(joined("Mr. [Poe] met Mrs. [Poe]. Mr. [Poe] left."), [0, 1, 0]);
    }
}
