//! The accurate model, run by the real ONNX Runtime, which `make setup` fetches.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    thread,
};

use spans::assert_spans;
use tallywire_entities::{Origin, Reading, Tagger};
use tallywire_proto::EntityKind;

#[path = "support/spans.rs"]
mod spans;

type TestResult = Result<(), Box<dyn Error>>;

const TEXT: &str = "Grace Okello, who leads the Blue Heron Trust, flew from Kampala to Oslo on Monday. “We will build 40 wells,” \
                    Okello said.\n\nThe trust has worked in Uganda since 2009.";

/// The library of ONNX Runtime; none, with a message, where it was not fetched.
fn library() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/onnxruntime/libonnxruntime.so");
    let there = path.exists();
    if !there {
        eprintln!("skipped: {} is not there; make setup fetches it", path.display());
    }
    there.then_some(path)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("accurate")
}

fn load(library: &Path) -> Result<Tagger, Box<dyn Error>> {
    Ok(Tagger::accurate(&folder(), library)?)
}

#[test]
fn people_organizations_and_places_are_found() -> TestResult {
    let Some(library) = library() else { return Ok(()) };
    let reading = load(&library)?.read(TEXT, &Origin::default())?;
    assert_spans(TEXT, &reading.entities, &reading.quotes);
    let found: Vec<_> = reading.entities.iter().map(|entity| (&entity.name[..], entity.kind)).collect();
    let expected = [
        ("Grace Okello", EntityKind::Person),
        ("Blue Heron Trust", EntityKind::Organization),
        ("Kampala", EntityKind::Place),
        ("Oslo", EntityKind::Place),
        ("Uganda", EntityKind::Place),
    ];
    assert_eq!(found, expected);
    assert!(reading.entities.iter().all(|entity| entity.confidence > 0.5 && entity.confidence <= 1.0));
    Ok(())
}

#[test]
fn threads_read_alike_and_long_texts_in_parts() -> TestResult {
    let Some(library) = library() else { return Ok(()) };
    let tagger = load(&library)?;
    let text = format!("{TEXT}\n\n").repeat(40);
    let read = || tagger.read(&text, &Origin::default());
    let alone = read()?;
    assert_spans(&text, &alone.entities, &alone.quotes);
    assert!(alone.entities.iter().any(|entity| entity.name == "Kampala" && entity.mentions.len() == 40));
    let readings: Vec<Result<Reading, _>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(read)).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a thread panicked")).collect::<Result<_, _>>()
    })?;
    for reading in readings {
        assert_eq!(reading?, alone);
    }
    Ok(())
}

#[test]
fn odd_texts_are_read() -> TestResult {
    let Some(library) = library() else { return Ok(()) };
    let tagger = load(&library)?;
    for text in ["", " ", "\u{301}", "日本", "\u{0}", &"a".repeat(5_000), &"A-".repeat(2_000), &"Kim ".repeat(2_000)]
    {
        let reading = tagger.read(text, &Origin::default())?;
        assert_spans(text, &reading.entities, &reading.quotes);
    }
    Ok(())
}

#[test]
fn what_is_missing_or_damaged_is_named() -> TestResult {
    let Some(library) = library() else { return Ok(()) };
    let message = |folder: &Path| Tagger::accurate(folder, &library).err().map_or_else(String::new, |e| e.to_string());
    let broken = std::env::temp_dir().join(format!("tallywire-accurate-{}", std::process::id()));
    fs::create_dir_all(&broken)?;
    assert!(message(&broken).contains("vocabulary.txt"), "{}", message(&broken));
    fs::write(broken.join("vocabulary.txt"), "no\npieces\n")?;
    assert!(message(&broken).contains("is no vocabulary"), "{}", message(&broken));
    fs::copy(folder().join("vocabulary.txt"), broken.join("vocabulary.txt"))?;
    assert!(message(&broken).contains("names.onnx: No such file"), "{}", message(&broken));
    fs::write(broken.join("names.onnx"), "no network")?;
    assert!(message(&broken).contains("names.onnx cannot be run"), "{}", message(&broken));
    fs::remove_dir_all(broken)?;
    Ok(())
}
