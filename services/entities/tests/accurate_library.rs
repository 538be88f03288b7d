//! Without ONNX Runtime, the accurate model says so. A process of its own: the library that one loads first is the one for
//! all.

use std::path::Path;

use tallywire_entities::Tagger;

#[test]
fn a_missing_library_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("accurate");
    let result = Tagger::accurate(&folder, Path::new("/nowhere/libonnxruntime.so"));
    let message = result.err().map_or_else(String::new, |error| error.to_string());
    assert!(message.starts_with("ONNX Runtime cannot be loaded from /nowhere/libonnxruntime.so"), "{message}");
}
