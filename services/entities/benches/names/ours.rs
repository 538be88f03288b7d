//! The tagger, in a process of its own: a line of texts in, a line with their names out, as `baseline.py`.

use std::{
    io::{BufRead, stdin},
    path::Path,
};

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;
use tallywire_entities::{Origin, Reading, Tagger};

use crate::peer::{Model, Name};

/// Answers until the input ends.
pub(crate) fn answer(model: &Model) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("accurate");
    let tagger = match model {
        Model::Fast => Tagger::new(),
        Model::Accurate(library) => Tagger::accurate(&folder, library),
    };
    let tagger = tagger.unwrap();
    for line in stdin().lock().lines() {
        let texts: Vec<String> = serde_json::from_str(&line.unwrap()).unwrap();
        let begun = cpu_seconds();
        let readings: Vec<_> =
            texts.iter().map(|text| tagger.read(text, &Origin::default())).collect::<Result<_, _>>().unwrap();
        let seconds = cpu_seconds() - begun;
        let names: Vec<_> = readings.iter().map(names).collect();
        println!("{}", json!({"seconds": seconds, "names": names}));
    }
}

fn names(reading: &Reading) -> Vec<Name> {
    let of = |entity: &tallywire_proto::Entity| {
        let kind = entity.kind;
        entity.mentions.iter().map(move |mention| (mention.start, mention.end, kind)).collect::<Vec<_>>()
    };
    reading.entities.iter().flat_map(of).collect()
}

/// Processor time of this process until now: the clock that Python's `time.process_time` reads.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
