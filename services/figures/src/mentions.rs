//! Finding the entity that stands at a place of the text.

use std::ops::Range;

use tallywire_proto::{Entity, EntityKind, Mention};

/// One mention of one entity.
pub(crate) struct Named<'e> {
    pub(crate) span: Range<usize>,
    pub(crate) text: &'e str,
    pub(crate) entity: &'e Entity,
    /// Whether it is a place named for its government.
    pub(crate) is_metonym: bool,
}

/// All mentions in the order of the text, in code points.
pub(crate) struct Mentions<'e> {
    all: Vec<Named<'e>>,
}

impl<'e> Mentions<'e> {
    pub(crate) fn new(entities: &'e [Entity]) -> Self {
        let named = |entity: &'e Entity| {
            let named = move |mention: &'e Mention| Named {
                span: mention.start..mention.end,
                text: &mention.text,
                entity,
                is_metonym: mention.metonym,
            };
            entity.mentions.iter().map(named)
        };
        let mut all: Vec<_> = entities.iter().flat_map(named).collect();
        all.sort_by_key(|named| named.span.start);
        Self { all }
    }

    /// Whether any person is known.
    pub(crate) fn has_people(&self) -> bool {
        self.all.iter().any(|named| named.entity.kind == EntityKind::Person)
    }

    /// The mentions that begin within a span, in order.
    pub(crate) fn within(&self, span: &Range<usize>) -> impl Iterator<Item = &Named<'e>> {
        let first = self.all.partition_point(|named| named.span.start < span.start);
        let end = span.end;
        self.all[first..].iter().take_while(move |named| named.span.start < end)
    }

    /// The mention of an entity that is nearest to a span.
    pub(crate) fn nearest(entity: &'e Entity, span: &Range<usize>) -> Option<&'e Mention> {
        let behind = entity.mentions.partition_point(|mention| mention.start < span.end);
        let after = entity.mentions.get(behind);
        let before = behind.checked_sub(1).and_then(|last| entity.mentions.get(last));
        match (before, after) {
            (Some(before), Some(after)) => {
                let is_nearer = after.start - span.end < span.start.saturating_sub(before.end);
                Some(if is_nearer { after } else { before })
            }
            (before, after) => before.or(after),
        }
    }
}
