//! A set of names that says of a name, with certainty, that it is not in it.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::cache::Weighed;

/// The hashes of names, in order.
pub struct Names(Box<[u64]>);

impl Names {
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut hashes: Vec<u64> = names.into_iter().map(|name| hash(&name)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes.into())
    }

    /// Whether a name is among them, or has the hash of one that is.
    pub fn may_have(&self, name: &str) -> bool {
        self.0.binary_search(&hash(name)).is_ok()
    }
}

impl Weighed for Names {
    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_that_was_given_is_never_denied() {
        let names = ["refund", "money back", "refund"].map(str::to_owned);
        let known = Names::new(names.clone());
        assert!(names.iter().all(|name| known.may_have(name)));
        assert!(!known.may_have("kettle"));
        assert!(!Names::new([]).may_have("refund"));
    }
}
