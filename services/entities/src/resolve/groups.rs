//! Which names are known to mean the same: disjoint sets.

/// Sets of names, each with one name that stands for it.
pub(super) struct Groups {
    above: Vec<usize>,
}

impl Groups {
    /// Every name by itself.
    pub(super) fn new(names: usize) -> Self {
        Self { above: (0..names).collect() }
    }

    /// The name that stands for a name's group: its first one.
    pub(super) fn first(&mut self, mut name: usize) -> usize {
        while let Some(&above) = self.above.get(name)
            && above != name
        {
            // Every second step is made shorter, so that chains never grow long.
            let next = self.above.get(above).copied().unwrap_or(above);
            if let Some(slot) = self.above.get_mut(name) {
                *slot = next;
            }
            name = next;
        }
        name
    }

    /// Makes one group of two.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        if let Some(slot) = self.above.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }

    pub(super) fn are_one(&mut self, one: usize, other: usize) -> bool {
        self.first(one) == self.first(other)
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn what_is_joined_is_one() {
        let mut groups = Groups::new(6);
        groups.join(5, 3);
        groups.join(1, 3);
        assert_eq!((0..6).map(|name| groups.first(name)).collect::<Vec<_>>(), [0, 1, 2, 1, 4, 1]);
        assert!(groups.are_one(5, 1) && !groups.are_one(0, 1));
    }
}
