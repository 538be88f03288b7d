//! Prints the article on an HTML page: what the page states about it, then its paragraphs, each with its kind.
//!
//! ```text
//! cargo run --package tallywire-cleaner --no-default-features --example clean -- page.html [ADDRESS]
//! ```
//!
//! Reads standard input where the file is `-`.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Read},
};

use url::Url;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().ok_or("usage: clean FILE [ADDRESS]")?;
    let address = arguments.next().map(|address| Url::parse(&address)).transpose()?;
    let mut page = Vec::new();
    if file == "-" {
        io::stdin().read_to_end(&mut page)?;
    } else {
        page = fs::read(&file)?;
    }
    let article = tallywire_cleaner::extract(&String::from_utf8_lossy(&page), address.as_ref())?;
    let stated = [
        ("title", article.title),
        ("byline", Some(article.byline.join("; ")).filter(|names| !names.is_empty())),
        ("published", article.published_at.map(|moment| moment.to_string())),
        ("modified", article.modified_at.map(|moment| moment.to_string())),
        ("language", article.language),
        ("site", article.site_name),
        ("section", article.section),
        ("address", article.canonical_url.map(String::from)),
    ];
    for (name, value) in stated {
        println!("{name:>14}  {}", value.as_deref().unwrap_or("-"));
    }
    let characters: Vec<char> = article.text.chars().collect();
    for paragraph in &article.paragraphs {
        let text: String = characters[paragraph.start..paragraph.end].iter().collect();
        println!("\n{:>14}  {text}", format!("{:?}", paragraph.kind).to_lowercase());
    }
    Ok(())
}
