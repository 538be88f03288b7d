//! Writes the files of the contract: `make schemas`.

use std::{fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in tallywire_proto::schema::files()? {
        fs::write(proto.join(&file.path), file.text)?;
        println!("proto/{}", file.path);
    }
    Ok(())
}
