//! The direct speech that the entities' stage has found.

use foldhash::HashMap;

use tallywire_proto::{Entity, Quote, Source};

use crate::mentions::Mentions;

/// Quotes whose speaker is one of the entities, in the order of the text.
pub(crate) struct Quotes<'i> {
    spoken: Vec<(&'i Quote, Source)>,
}

impl<'i> Quotes<'i> {
    pub(crate) fn new(quotes: &'i [Quote], entities: &'i [Entity]) -> Self {
        let by_id: HashMap<&str, &Entity> = entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
        let mut spoken: Vec<_> = quotes.iter().filter_map(|quote| Some((quote, speaker(quote, &by_id)?))).collect();
        spoken.sort_by_key(|(quote, _)| quote.start);
        Self { spoken }
    }

    /// The speaker of the quote that a span of the text stands in.
    fn speaker(&self, start: usize, end: usize) -> Option<&Source> {
        let behind = self.spoken.partition_point(|(quote, _)| quote.start <= start);
        let (quote, source) = self.spoken.get(behind.checked_sub(1)?)?;
        (end <= quote.end).then_some(source)
    }

    /// What is known of the source of a span: where the words at the cue name no entity, the quote's speaker tells which.
    pub(crate) fn complete(&self, source: Option<&Source>, start: usize, end: usize) -> Option<Source> {
        let speaker = self.speaker(start, end);
        match (source, speaker) {
            (Some(source), Some(speaker)) if source.entity.is_none() => {
                Some(Source { name: speaker.name.clone(), entity: speaker.entity.clone(), ..source.clone() })
            }
            _ => source.or(speaker).cloned(),
        }
    }
}

/// A quote's speaker as a source: at the nearest mention of the entity.
fn speaker(quote: &Quote, by_id: &HashMap<&str, &Entity>) -> Option<Source> {
    let entity = by_id.get(quote.speaker.as_ref()?.entity.as_deref()?)?;
    let mention = Mentions::nearest(entity, &(quote.start..quote.end))?;
    Some(Source {
        start: mention.start,
        end: mention.end,
        name: mention.text.clone(),
        entity: Some(entity.id.clone()),
        cue: quote.cue.clone().unwrap_or_default(),
    })
}
