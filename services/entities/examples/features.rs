//! Writes what the models see of texts, for `training/names`.
//!
//! Reads JSON Lines with `text` (and whatever else) from standard input; writes `PREFIX.jsonl` (`words` as pairs of code
//! points, `sentences` as pairs of words), `PREFIX.rows` (the rows of all words, 32 bits each, little-endian),
//! `PREFIX.counts` (how many rows each word has, a byte each), and of the pieces in VOCABULARY likewise `PREFIX.pieces` and
//! `PREFIX.piece-counts`.

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::{self, BufRead, BufWriter, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(prefix), Some(vocabulary)) = (arguments.next(), arguments.next()) else {
        return Err("usage: features PREFIX VOCABULARY < texts.jsonl".into());
    };
    let vocabulary = fs::read_to_string(vocabulary)?;
    let mut lines = BufWriter::new(File::create(format!("{prefix}.jsonl"))?);
    let mut rows = BufWriter::new(File::create(format!("{prefix}.rows"))?);
    let mut counts = BufWriter::new(File::create(format!("{prefix}.counts"))?);
    let mut pieces = BufWriter::new(File::create(format!("{prefix}.pieces"))?);
    let mut piece_counts = BufWriter::new(File::create(format!("{prefix}.piece-counts"))?);
    let mut texts = Vec::new();
    for line in io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        texts.push(record["text"].as_str().ok_or("a record without text")?.to_owned());
    }
    for seen in tallywire_entities::export(texts.into_iter(), &vocabulary) {
        let pairs = |ranges: &[std::ops::Range<usize>]| -> Vec<_> { ranges.iter().map(|r| [r.start, r.end]).collect() };
        let line = serde_json::json!({"words": pairs(&seen.words), "sentences": pairs(&seen.sentences)});
        writeln!(lines, "{line}")?;
        for word in &seen.rows {
            counts.write_all(&[u8::try_from(word.len())?])?;
            for row in word {
                rows.write_all(&row.to_le_bytes())?;
            }
        }
        for word in &seen.pieces {
            piece_counts.write_all(&[u8::try_from(word.len())?])?;
            for piece in word {
                pieces.write_all(&u32::try_from(*piece)?.to_le_bytes())?;
            }
        }
    }
    Ok(())
}
