//! Whole records, and the laws that hold for any text.

use std::sync::LazyLock;

use tallywire_figures::{Input, MOST_FIGURES, Reader, Reading};
use tallywire_proto::{
    Direction, Entity, EntityKind, EventStatus, FigureKind, Links, Mention, Modifier, Quote, RelationKind, Speaker,
};

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

fn input(text: &str) -> Input<'_> {
    Input {
        text,
        language: Some("en"),
        country: None,
        published_at: "2024-03-07".parse().ok(),
        entities: &[],
        quotes: &[],
    }
}

fn read(text: &str) -> Reading {
    READER.read(&input(text))
}

#[test]
fn a_record_stands_on_its_own() {
    let reading = read("Nearly 40 hikers were rescued on Friday, according to the mountain patrol.");
    let figure = &reading.figures[0];
    assert_eq!(
        (figure.text.as_str(), figure.kind, figure.modifier),
        ("Nearly 40 hikers", FigureKind::Count, Modifier::About)
    );
    assert_eq!(figure.counted.as_ref().unwrap().lemma, "hiker");
    assert_eq!(figure.event.as_ref().unwrap().class, "rescued");
    let source = figure.source.as_ref().unwrap();
    assert_eq!((source.name.as_str(), source.cue.as_str()), ("the mountain patrol", "according to"));
    assert_eq!(reading.times[figure.time.unwrap()].value.as_deref(), Some("2024-03-01"));
}

#[test]
fn bounds_are_open_where_the_text_opens_them() {
    let value = |text: &str| {
        let value = read(text).figures[0].value;
        (value.low.map(|low| low.0), value.high.map(|high| high.0))
    };
    assert_eq!(value("At least seven ferries sank."), (Some(7.0), None));
    assert_eq!(value("Up to seven ferries sank."), (None, Some(7.0)));
    assert_eq!(value("Between five and ten ferries sank."), (Some(5.0), Some(10.0)));
    assert_eq!(value("Dozens of ferries sank."), (Some(12.0), Some(120.0)));
}

#[test]
fn whose_money_is_inferred_and_marked() {
    let unit = |text, country| {
        let reading = READER.read(&Input { country, ..input(text) });
        let unit = reading.figures[0].unit.clone();
        (unit.currency, unit.currency_inferred)
    };
    assert_eq!(unit("It cost $5m.", Some("AU")), (Some("AUD".to_owned()), true));
    assert_eq!(unit("It cost US$5m.", Some("AU")), (Some("USD".to_owned()), false));
    assert_eq!(unit("It cost 500 rupees.", Some("NP")), (Some("NPR".to_owned()), true));
    assert_eq!(unit("It cost 500 rupees.", None), (None, false));
    assert_eq!(unit("It cost R850m.", None), (Some("ZAR".to_owned()), false));
}

#[test]
fn parts_additions_and_what_is_said_again() {
    let text = "Floods killed 12 people, including three boys. Another 40 people were hurt. The 12 people killed were \
                neighbours. More than 20 miles (32 km) of road were lost.";
    let figures = read(text).figures;
    let relation = |index: usize| figures[index].relation.clone().map(|relation| (relation.kind, relation.figure));
    assert_eq!(relation(1), Some((RelationKind::PartOf, "f1".to_owned())));
    assert_eq!(figures[1].event, figures[0].event, "what happened to the whole happened to its part");
    assert_eq!(relation(2), Some((RelationKind::AdditionalTo, "f1".to_owned())));
    assert_eq!(relation(3), Some((RelationKind::SameAs, "f1".to_owned())));
    assert_eq!(relation(5), Some((RelationKind::SameAs, "f5".to_owned())));
    assert_eq!(figures[5].modifier, Modifier::MoreThan, "the bound holds in the other unit");
}

#[test]
fn as_many_in_one_sentence_or_elsewhere_are_others() {
    let relations = |text: &str, entities: &[Entity]| -> Vec<_> {
        let reading = READER.read(&Input { entities, ..input(text) });
        reading.figures.into_iter().map(|figure| figure.relation.map(|relation| relation.kind)).collect()
    };
    assert_eq!(relations("Two men died on Monday, and two men died on Friday.", &[]), [None, None]);
    let text = "Two men died in Lima. Two men died in Cusco.";
    let places = [place(text, "e1", "Lima"), place(text, "e2", "Cusco")];
    assert_eq!(relations(text, &places), [None, None]);
    assert_eq!(relations(text, &[]), [None, Some(RelationKind::SameAs)]);
}

#[test]
fn a_breakdown_is_a_part_of_what_it_adds_up_to() {
    let figures = read("Police arrested 18 people: seven cooks, five clerks and six drivers.").figures;
    for part in &figures[1..] {
        assert_eq!(part.relation.as_ref().unwrap().kind, RelationKind::PartOf, "{}", part.text);
        assert_eq!(part.event.as_ref().unwrap().class, "arrested", "{}", part.text);
    }
}

#[test]
fn rates_ranks_and_elided_nouns() {
    let figures = read(
        "The clinic sees 40 patients a day. It is the second-largest clinic. 31 huts burned and 200 were damaged.",
    )
    .figures;
    assert_eq!((figures[0].unit.per.as_deref(), figures[0].unit.ucum.as_deref()), (Some("day"), Some("/d")));
    assert_eq!((figures[1].kind, figures[1].text.as_str()), (FigureKind::Rank, "second-largest clinic"));
    assert_eq!(figures[3].counted.as_ref().unwrap().lemma, "hut");
    assert_eq!(figures[3].event.as_ref().unwrap().class, "damaged");
}

#[test]
fn what_happened_follows_the_grammar() {
    let events = |text| -> Vec<_> {
        let figures = read(text).figures;
        figures.into_iter().map(|figure| figure.event.map_or(String::new(), |event| event.label())).collect()
    };
    assert_eq!(events("The army denied that 200 protesters had been shot dead."), ["killed-denied"]);
    assert_eq!(events("The flood killed 50 cows and 20 sheep."), ["killed", "killed"]);
    assert_eq!(events("Some 12 soldiers were killed and 30 wounded."), ["killed", "injured"]);
    assert_eq!(events("Six huts burned."), ["destroyed"]);
    assert_eq!(events("The index closed at 7,412."), [""]);
    assert_eq!(events("They shut 12 schools."), ["closed"]);
    assert_eq!(events("Police arrested 30 men on Saturday and a further 15 on Sunday."), ["arrested", "arrested"]);
    assert_eq!(events("The firm plans to cut 1,500 jobs."), ["laid_off-planned"]);
    assert_eq!(events("Nobody was hurt when the 12-storey block fell."), [""], "the storeys were not hurt");
    assert_eq!(events("The mill hired 700 men, 200 fewer than before."), ["hired", ""]);
    assert_eq!(events("It makes them 20 times more likely to die."), [""]);
    assert_eq!(events("It will hire 30 men and invest $5m.")[1], "invested-planned");
    assert_eq!(events("It went to Lima and sold 30 boats."), ["sold"]);
    assert_eq!(events("Four of the 30 hostages were freed."), ["rescued", "kidnapped"]);
}

#[test]
fn changes_are_told_from_levels() {
    let first = |text| {
        let figure = read(text).figures.remove(0);
        (figure.kind, figure.direction, figure.counted.map(|counted| counted.lemma))
    };
    let (up, down) = (Some(Direction::Up), Some(Direction::Down));
    let change = |direction, of: Option<&str>| (FigureKind::Change, direction, of.map(str::to_owned));
    assert_eq!(first("Chip exports fell by 8 per cent."), change(down, Some("chip export")));
    assert_eq!(first("The bank cut its forecast by 2 per cent."), change(down, Some("forecast")));
    assert_eq!(first("Rents are 5 per cent more than in May."), change(up, None));
    assert_eq!(first("Its value fell below $1 trillion."), (FigureKind::Money, None, None));
    assert_eq!(first("The rate edged up to 4.3%.").0, FigureKind::Percent);
}

#[test]
fn a_table_without_end_is_read_up_to_a_bound() {
    let figures = read(&"7 ".repeat(MOST_FIGURES + 50_000)).figures.len();
    assert!((MOST_FIGURES..MOST_FIGURES + 400).contains(&figures), "{figures}");
}

#[test]
fn a_round_count_is_no_year() {
    assert_eq!(read("Police arrested 2000 protesters.").figures[0].text, "2000 protesters");
    assert_eq!(read("It was so before the 2000 elections.").figures, []);
    assert_eq!(read("In 2000 sales fell.").figures, []);
}

#[test]
fn others_are_of_what_was_named() {
    let figures = read("The blaze destroyed 14 homes and damaged 60 others.").figures;
    assert_eq!(figures[1].counted.as_ref().unwrap().lemma, "home");
    assert_eq!(figures[1].relation.as_ref().unwrap().kind, RelationKind::AdditionalTo);
}

#[test]
fn what_is_of_different_sorts_is_no_range() {
    let texts = |text| -> Vec<_> { read(text).figures.into_iter().map(|figure| figure.text).collect() };
    assert_eq!(texts("It lent $2.5bn to 14 towns."), ["$2.5bn", "14 towns"]);
    assert_eq!(texts("Output fell by a third to 20,000 cars."), ["a third", "20,000 cars"]);
    assert_eq!(texts("The toll rose by 12 to 57."), ["12", "57"]);
    assert_eq!(texts("Men aged 18 to 45 and boys aged 12-17 came."), ["18 to 45", "12-17"]);
    assert_eq!(texts("They are aged between 19 and 34."), ["between 19 and 34"]);
}

#[test]
fn change_and_its_ends() {
    let figures = read("Rents rose from 300 euros to 450 euros, and wages fell by about 2 per cent.").figures;
    let relation = |index: usize| figures[index].relation.clone().unwrap();
    assert_eq!((relation(0).kind, relation(0).figure.as_str()), (RelationKind::From, "f2"));
    assert_eq!((relation(1).kind, relation(1).figure.as_str()), (RelationKind::To, "f1"));
    assert_eq!((figures[2].direction, figures[2].kind), (Some(Direction::Down), FigureKind::Change));
}

#[test]
fn elided_nouns_are_not_those_of_places() {
    let heads = |text| -> Vec<_> {
        let figures = read(text).figures;
        figures.into_iter().map(|figure| figure.counted.map_or(String::new(), |counted| counted.head)).collect()
    };
    assert_eq!(heads("It hit 86 cooks in 12 towns, and 23 were hurt."), ["cooks", "towns", "cooks"]);
    assert_eq!(heads("One dead, three hurt"), ["people", "people"]);
    assert_eq!(heads("Screening 100 women would save 5 lives."), ["women", "lives"]);
    assert_eq!(heads("It employs 3,000, half of them women.")[0], "");
    assert_eq!(heads("They burned 36 tonnes of CO2."), ["CO2"]);
}

#[test]
fn distances_have_no_whole() {
    let figures = read("It fell within about 30 km of the border, with 30 km of cable.").figures;
    assert_eq!(figures[0].counted, None);
    assert_eq!(figures[1].counted.as_ref().unwrap().head, "cable");
}

#[test]
fn elided_people_and_status() {
    let figures = read("The quake left seven killed. The mill will hire 30 weavers. Hail killed 12 and").figures;
    assert_eq!(figures[2].counted, None, "nobody says that they were people");
    assert_eq!(figures[0].counted.as_ref().unwrap().head, "people");
    assert_eq!(figures[1].event.as_ref().unwrap().status, EventStatus::Planned);
}

#[test]
fn no_sentence_invents_a_figure() {
    for text in ["", "No one came.", "Section 9 applies since 2019.", "She flew on a Boeing 747 at 5 p.m.", "\n\n"] {
        assert_eq!(read(text).figures, [], "{text}");
    }
}

fn place(text: &str, id: &str, name: &str) -> Entity {
    entity(text, id, EntityKind::Place, name)
}

/// What a text names first by a name.
fn entity(text: &str, id: &str, kind: EntityKind, name: &str) -> Entity {
    let start = text.find(name).map_or(0, |at| text[..at].chars().count());
    let mention = Mention { start, end: start + name.chars().count(), text: name.to_owned(), metonym: false };
    Entity {
        id: id.to_owned(),
        kind,
        name: name.to_owned(),
        roles: Vec::new(),
        mentions: vec![mention],
        links: Links::default(),
        location: None,
        salience: 0.5,
        confidence: 1.0,
    }
}

#[test]
fn each_of_several_figures_has_its_place() {
    let text = "The storm left 3 dead in Lima and 12 dead in Cusco.";
    let entities = [place(text, "e1", "Lima"), place(text, "e2", "Cusco")];
    let figures = READER.read(&Input { entities: &entities, ..input(text) }).figures;
    assert_eq!([figures[0].place.as_deref(), figures[1].place.as_deref()], [Some("e1"), Some("e2")]);
}

#[test]
fn places_and_speakers_come_from_the_entities() {
    let text = "“We sold 12 boats in Lima,” Ana Ono said.";
    let entities = [place(text, "e1", "Lima"), entity(text, "e2", EntityKind::Person, "Ana Ono")];
    let quote = Quote {
        start: 1,
        end: 26,
        text: "We sold 12 boats in Lima,".to_owned(),
        speaker: Some(Speaker { entity: Some("e2".to_owned()), name: "Ana Ono".to_owned() }),
        cue: Some("said".to_owned()),
    };
    let quotes = [quote];
    let reading = READER.read(&Input { entities: &entities, quotes: &quotes, ..input(text) });
    let figure = &reading.figures[0];
    assert_eq!(figure.place.as_deref(), Some("e1"));
    let source = figure.source.as_ref().unwrap();
    assert_eq!((source.entity.as_deref(), source.name.as_str()), (Some("e2"), "Ana Ono"));
}

#[test]
fn long_input_takes_bounded_time() {
    for piece in ["9", "million ", "5 ", "said 5 ", "last Friday ", "from 3 to ", "(", "$"] {
        let text = piece.repeat(200_000 / piece.len());
        let reading = READER.read(&input(&text));
        assert!(reading.figures.iter().all(|figure| figure.value.any().is_some_and(f64::is_finite)));
    }
}
