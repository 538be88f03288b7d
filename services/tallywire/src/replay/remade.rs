//! An article as it goes back onto the queue of a stage.

use tallywire_fetcher::{Held, decode_page};
use tallywire_proto::{ArticleId, Cleaned, Enriched, Fetched, Hop, StageRun, Tagged};
use tallywire_runtime::{
    Broker, CancellationToken, TraceParent,
    broker::{PublishError, Sent},
};
use tallywire_warc::Archived;

use super::FromStage;

/// What is told of the replay in an article's provenance.
const NAME: &str = "replay";

/// An article as it was before a stage.
pub(super) enum Remade {
    Fetched(Box<Fetched>),
    Cleaned(Box<Cleaned>),
    Tagged(Box<Tagged>),
}

impl Remade {
    /// An article out of an archive, with the text of its page as the fetcher reads it.
    pub(super) fn of_archive(archived: Archived) -> Self {
        let Archived { mut fetched, page } = archived;
        if let Some(page) = page {
            fetched.document.body = decode_page(&page.bytes, page.content_type().as_deref());
        }
        Self::Fetched(Box::new(fetched))
    }

    /// What an enriched article was before a stage; none before the cleaner, since the page is gone.
    pub(super) fn of_enriched(enriched: Enriched, stage: FromStage) -> Option<Self> {
        let Enriched { article, entities, quotes, mut provenance, .. } = enriched;
        let name = match stage {
            FromStage::Cleaner => return None,
            FromStage::Entities => tallywire_entities::NAME,
            FromStage::Figures => tallywire_figures::NAME,
        };
        // What follows works again.
        let before = provenance.stages.iter().position(|run| run.name == name);
        provenance.stages.truncate(before.unwrap_or(provenance.stages.len()));
        Some(if stage == FromStage::Entities {
            Self::Cleaned(Box::new(Cleaned { schema: Cleaned::SCHEMA.to_owned(), article, provenance }))
        } else {
            Self::Tagged(Box::new(Tagged { schema: Tagged::SCHEMA.to_owned(), article, entities, quotes, provenance }))
        })
    }

    /// The article's id, and its feed's.
    pub(super) fn names(&self) -> (ArticleId, &str) {
        match self {
            Self::Fetched(message) => (message.id, &message.feed),
            Self::Cleaned(message) => (message.article.id, &message.article.feed),
            Self::Tagged(message) => (message.article.id, &message.article.feed),
        }
    }

    /// What of the article this is made from.
    pub(super) fn held(&self) -> Held {
        match self {
            Self::Fetched(message) => Held::Page(message.revision),
            Self::Cleaned(message) => Held::Record(message.article.revision),
            Self::Tagged(message) => Held::Record(message.article.revision),
        }
    }

    /// Puts it onto the queue as a revision, however long that is full. It has the message id that the stage before would
    /// have given it, so a second copy is dropped.
    pub(super) async fn publish(
        self,
        broker: &Broker,
        revision: u32,
        trace: &TraceParent,
        stop: &CancellationToken,
    ) -> Result<Sent, PublishError> {
        match self {
            Self::Fetched(mut message) => {
                message.revision = revision;
                send(broker, tallywire_fetcher::NAME, *message, trace, stop).await
            }
            Self::Cleaned(mut message) => {
                message.article.revision = revision;
                send(broker, tallywire_cleaner::NAME, *message, trace, stop).await
            }
            Self::Tagged(mut message) => {
                message.article.revision = revision;
                send(broker, tallywire_entities::NAME, *message, trace, stop).await
            }
        }
    }
}

async fn send<M: Hop>(
    broker: &Broker,
    stage: &str,
    mut message: M,
    trace: &TraceParent,
    stop: &CancellationToken,
) -> Result<Sent, PublishError> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let stages = &mut message.provenance_mut().stages;
    // One that was replayed before says so once.
    stages.retain(|run| run.name != NAME);
    stages.push(StageRun { name: NAME.to_owned(), version, ms: 0.0 });
    broker.publish(stage, &message, trace, stop).await
}

#[cfg(test)]
mod tests {
    use tallywire_proto::Message;

    use super::*;

    #[test]
    fn an_enriched_article_goes_back_before_a_stage() {
        let enriched = Enriched::decode(include_bytes!("../../../../proto/samples/enriched.json")).unwrap();
        let tagged = Tagged::decode(include_bytes!("../../../../proto/samples/tagged.json")).unwrap();
        assert!(Remade::of_enriched(enriched.clone(), FromStage::Cleaner).is_none());
        let Some(Remade::Tagged(found)) = Remade::of_enriched(enriched.clone(), FromStage::Figures) else { panic!() };
        assert_eq!(
            (&found.article, &found.entities, &found.quotes),
            (&tagged.article, &tagged.entities, &tagged.quotes)
        );
        let names: Vec<&str> = found.provenance.stages.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["fetcher", "cleaner", "entities"]);
        let Some(Remade::Cleaned(found)) = Remade::of_enriched(enriched, FromStage::Entities) else { panic!() };
        assert_eq!(found.provenance.stages.len(), 2);
    }
}
