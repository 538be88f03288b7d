//! Writes what is known of each line of pages, for `training/article-lines`.
//!
//! Reads JSON Lines with `id` and `html`; writes `PREFIX.names` (a name a line), `PREFIX.jsonl` (`id` and the texts of
//! the lines) and `PREFIX.f32` (the numbers of all lines of all pages, 32 bits each, little-endian).

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::{self, BufRead, BufWriter, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let prefix = env::args().nth(1).ok_or("usage: evidence PREFIX < pages.jsonl")?;
    let mut numbers = BufWriter::new(File::create(format!("{prefix}.f32"))?);
    let mut texts = BufWriter::new(File::create(format!("{prefix}.jsonl"))?);
    for line in io::stdin().lock().lines() {
        let page: serde_json::Value = serde_json::from_str(&line?)?;
        let html = page["html"].as_str().ok_or("a page without html")?;
        let (names, lines, rows) = tallywire_cleaner::evidence(html)?;
        fs::write(format!("{prefix}.names"), names.join("\n"))?;
        for number in rows.iter().flatten() {
            numbers.write_all(&number.to_le_bytes())?;
        }
        writeln!(texts, "{}", serde_json::json!({"id": page["id"], "lines": lines}))?;
    }
    Ok(())
}
