//! The tagger as a stage of the pipeline.

use std::path::PathBuf;

use tallywire_proto::{Cleaned, Tagged};
use tallywire_runtime::{
    Context, Failure, Stage, Work,
    broker::BrokerError,
    config::{Entities, NameModel},
};

use crate::{ModelError, OwnNames, OwnNamesError, Tagger};

/// The stage's name.
pub const NAME: &str = "entities";

impl Stage for Tagger {
    const NAME: &'static str = NAME;
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type In = Cleaned;
    type Out = Tagged;

    fn process(&self, cleaned: Cleaned) -> Result<Tagged, Failure> {
        // ONNX Runtime may lack memory now that it has later.
        self.tag(cleaned).map_err(|error| Failure::Retry(error.to_string()))
    }
}

/// The stage cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum EntitiesError {
    /// The broker refuses something.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The accurate model cannot be used.
    #[error(
        "entities.model is accurate: {error}; docs/accurate-model.md says what entities.accurate_folder and \
         entities.onnxruntime must name"
    )]
    Accurate {
        /// What is wrong.
        error: ModelError,
    },
    /// The file of names cannot be read.
    #[error("entities.names_file {}: {error}", path.display())]
    NamesFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: std::io::Error,
    },
    /// The file of names has a line that will not do.
    #[error("entities.names_file {}: {error}", path.display())]
    Names {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        error: OwnNamesError,
    },
}

impl Tagger {
    /// A tagger as the configuration asks for it.
    ///
    /// # Errors
    /// When the file of names, or the model, cannot be used.
    pub fn configured(settings: &Entities) -> Result<Self, EntitiesError> {
        let tagger = match settings.model {
            NameModel::Fast => Self::new()?,
            NameModel::Accurate => Self::accurate(&settings.accurate_folder, &settings.onnxruntime)
                .map_err(|error| EntitiesError::Accurate { error })?,
        };
        let tagger = tagger.with_other_languages(settings.other_languages).with_min_confidence(settings.min_confidence);
        let path = &settings.names_file;
        if path.as_os_str().is_empty() {
            return Ok(tagger);
        }
        let file =
            std::fs::read_to_string(path).map_err(|error| EntitiesError::NamesFile { path: path.clone(), error })?;
        let names = OwnNames::parse(&file).map_err(|error| EntitiesError::Names { path: path.clone(), error })?;
        Ok(tagger.with_names(names))
    }
}

/// Runs the stage until the service stops.
///
/// # Errors
/// When the file of names cannot be used, or the broker refuses something.
pub fn run(context: Context) -> Work<EntitiesError> {
    Box::pin(work(context))
}

async fn work(context: Context) -> Result<(), EntitiesError> {
    let tagger = Tagger::configured(&context.config.entities)?;
    Ok(context.run_stage(tagger).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_accurate_model_names_the_keys() {
        let settings =
            Entities { model: NameModel::Accurate, accurate_folder: "/nowhere".into(), ..Entities::default() };
        let message = Tagger::configured(&settings).err().unwrap().to_string();
        assert!(message.contains("/nowhere/vocabulary.txt"), "{message}");
        assert!(message.contains("entities.accurate_folder"), "{message}");
    }
}
