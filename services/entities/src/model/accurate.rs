//! The accurate model: `MiniLM`, a small transformer, fine-tuned on news (Wang et al., "`MiniLM`", 2020), run by ONNX
//! Runtime.
//!
//! It sees pieces of words without case, and of each piece what the features say of its word's shape, lists and article.
//! `training/names` makes it, and has the model card.

pub(crate) mod pieces;

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

use ort::{
    environment::Environment,
    session::{Session, builder::GraphOptimizationLevel},
    value::Tensor,
};

use self::pieces::Pieces;
use super::{Model, ModelError, Scored, Scores, TAGS, windows};
use crate::{
    features::{Features, MARKS},
    words::Words,
};

/// The longest window, in pieces, with the marks of its ends; at most what the network has positions for, 512.
const LONGEST: usize = 192;

/// The accurate model.
pub(crate) struct Accurate {
    pieces: Pieces,
    network: PathBuf,
    environment: &'static Environment,
    /// Networks in memory. Each thread that reads an article takes one, and brings it back.
    idle: Mutex<Vec<Session>>,
}

impl Accurate {
    /// Loads the model of a folder, to be run by a library of ONNX Runtime.
    ///
    /// # Errors
    ///
    /// A file is missing or damaged, or the library is none of ONNX Runtime, version 1.17 or later.
    pub(crate) fn load(folder: &Path, library: &Path) -> Result<Self, ModelError> {
        let vocabulary = folder.join("vocabulary.txt");
        let network = folder.join("names.onnx");
        let read =
            |path: &Path| fs::read_to_string(path).map_err(|error| ModelError::File { path: path.to_owned(), error });
        let pieces = Pieces::parse(&read(&vocabulary)?).ok_or(ModelError::Vocabulary { path: vocabulary })?;
        fs::metadata(&network).map_err(|error| ModelError::File { path: network.clone(), error })?;
        let model = Self { pieces, network, environment: environment(library)?, idle: Mutex::default() };
        let first = model.session()?;
        model.put_back(first);
        Ok(model)
    }

    fn session(&self) -> Result<Session, ModelError> {
        let build = || -> Result<_, ort::Error> {
            // Articles are read by several threads; each needs one only.
            let builder = Session::builder(self.environment)?.with_intra_threads(1)?.with_inter_threads(1)?;
            builder.with_optimization_level(GraphOptimizationLevel::All)?.commit_from_file(&self.network)
        };
        build().map_err(|error| ModelError::Network { path: self.network.clone(), error })
    }

    fn put_back(&self, session: Session) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }

    fn take(&self) -> Option<Session> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// The scores of the words of a window, by the pieces of each.
    fn window(
        &self,
        session: &mut Session,
        features: &Features,
        window: &Range<usize>,
        pieces: &[Vec<i64>],
    ) -> Result<Vec<Scores>, ort::Error> {
        let length = 2 + pieces.iter().map(Vec::len).sum::<usize>();
        let mut ids = Vec::with_capacity(length);
        let mut marks = vec![0.0_f32; length * MARKS];
        let mut firsts = Vec::with_capacity(pieces.len());
        ids.push(self.pieces.first);
        for (word, pieces) in window.clone().zip(pieces) {
            firsts.push(ids.len());
            for piece in pieces {
                let row = ids.len() * MARKS;
                features.marks(word).for_each(|mark| marks[row + mark] = 1.0);
                ids.push(*piece);
            }
        }
        ids.push(self.pieces.last);
        let ids = Tensor::from_array(([1, length], ids))?;
        let marks = Tensor::from_array(([1, length, MARKS], marks))?;
        let outputs = session.run(ort::inputs!["pieces" => ids, "marks" => marks])?;
        let (_, scores) = outputs["scores"].try_extract_tensor::<f32>()?;
        let of = |first: &usize| std::array::from_fn(|tag| scores.get(first * TAGS + tag).copied().unwrap_or(0.0));
        Ok(firsts.iter().map(of).collect())
    }
}

impl Model for Accurate {
    fn score(&self, words: &Words<'_>, features: &Features) -> Result<Vec<Scored>, ModelError> {
        let pieces: Vec<_> = words.words.iter().map(|word| self.pieces.of(word.text)).collect();
        let mut session = match self.take() {
            Some(session) => session,
            None => self.session()?,
        };
        let scored = windows(words, LONGEST - 2, |word| pieces[word].len())
            .into_iter()
            .map(|window| {
                let scores = self.window(&mut session, features, &window, &pieces[window.clone()]);
                scores
                    .map(|scores| Scored { words: window, scores })
                    .map_err(|error| ModelError::Network { path: self.network.clone(), error })
            })
            .collect();
        self.put_back(session);
        scored
    }
}

/// The one environment of a process, whose library is the one first asked for.
fn environment(library: &Path) -> Result<&'static Environment, ModelError> {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    static START: Mutex<()> = Mutex::new(());
    let _one_at_a_time = START.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let failed = |error: String| ModelError::Library { path: library.to_owned(), error };
    let builder = ort::init_from(library).map_err(|error| failed(error.to_string()))?;
    let environment = builder.with_telemetry(false).build().map_err(|error| failed(error.to_string()))?;
    Ok(ENVIRONMENT.get_or_init(|| environment))
}
