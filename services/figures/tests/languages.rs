//! Texts in other languages than English: numbers in digits are read as their language writes them, and no word is taken
//! for an English one.

use tallywire_figures::{Input, Reader};
use tallywire_proto::{Figure, Modifier};

fn figures(language: &str, text: &str) -> Vec<Figure> {
    let input = Input {
        text,
        language: Some(language),
        country: None,
        published_at: "2026-03-12".parse().ok(),
        entities: &[],
        quotes: &[],
    };
    Reader::new().read(&input).figures
}

/// Whether a text has these values, and nothing is said of them but that.
#[track_caller]
fn has(language: &str, text: &str, values: &[f64]) {
    let figures = figures(language, text);
    let found: Vec<f64> = figures.iter().filter_map(|figure| figure.value.any()).collect();
    assert_eq!(found, values, "{language}: {text}");
    for figure in &figures {
        assert_eq!((&figure.counted, &figure.event, &figure.source), (&None, &None, &None), "{language}: {text}");
        assert_eq!((figure.modifier, figure.direction), (Modifier::Exact, None), "{language}: {text}");
    }
}

#[test]
fn digits_are_read_and_words_passed_over() {
    // In English these have "die", "ten", "six", "over", "under", "to" and "half", and count other things.
    has("de", "Die 12 Boote brachten 1.200 Menschen; die 50 in Berlin warten.", &[12.0, 1200.0, 50.0]);
    has("pl", "Ten sezon i ten dom: w ten sposób wyszło 12 osób.", &[12.0]);
    has("nl", "Ten opzichte van toen duurt het half zo lang, over 40 minuten.", &[40.0]);
    has("fr", "Six cent voitures, 12 500 vélos, un point, la second place.", &[12_500.0]);
    has("da", "To mænd og 12 heste kom under 3 timer over 5 dage.", &[12.0, 3.0, 5.0]);
    has("sv", "Under 12 timmar var sex personer kvar.", &[12.0]);
    has("es", "Once jugadores, 12 goles, 5 y 340 personas.", &[12.0, 5.0, 340.0]);
    has("pt", "Zero a zero, e 12 barcos.", &[12.0]);
    has("id", "Satu dozen, ten, one two, 12 orang.", &[12.0]);
    has("fi", "Ten kertaa 12 venettä.", &[12.0]);
}

#[test]
fn scales_are_those_of_the_language() {
    has("es", "Gastaron 340 millones y 12 mil en 5 barcos.", &[340e6, 12e3, 5.0]);
    has("de", "Es kostete 1,5 Mrd. und 3 Millionen, nicht 2 Billionen.", &[1.5e9, 3e6, 2e12]);
    has("fr", "Il faut 2,5 milliards, dit-il, pour 3 villes.", &[2.5e9, 3.0]);
    has("pt-BR", "Foram 7 bilhões e 20 mil.", &[7e9, 20e3]);
    has("ru", "Около 12 млн и 3 тысячи.", &[12e6, 3e3]);
    has("pl", "Wydano 4,2 mld i 15 tys. w 2 lata.", &[4.2e9, 15e3, 2.0]);
}

#[test]
fn units_are_read() {
    let unit = |language, text| figures(language, text)[0].unit.name.clone();
    assert_eq!(unit("de", "Sie fuhren 12,5 km weit.").as_deref(), Some("kilometre"));
    assert_eq!(unit("fr", "Il pleut 30 % plus souvent.").as_deref(), Some("percentage"));
    assert_eq!(unit("es", "Costó 340 € en total.").as_deref(), Some("euro"));
}

#[test]
fn a_text_of_no_known_language_is_read_as_english() {
    for language in ["", "en", "en-GB"] {
        assert_eq!(figures(language, "Ten people were killed.")[0].value.any(), Some(10.0), "{language:?}");
    }
}
