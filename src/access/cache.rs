//! A bounded store of values by key, which gives up what has not been asked for the longest.

use std::collections::HashMap;
use std::hash::Hash;

/// A pooled connection serves many people in turn; a statement asks for one or two sets of one of them.
const MAX_ENTRIES: usize = 256;
/// Each of hundreds of backends has a cache. Room for the ids of 65,000 domains.
const MAX_BYTES: usize = 1 << 20;

/// A value that takes up some memory.
pub trait Weighed {
    fn bytes(&self) -> usize;
}

impl Weighed for Box<[u8]> {
    fn bytes(&self) -> usize {
        self.len()
    }
}

/// Values by key.
pub struct Cache<K, V> {
    entries: HashMap<K, Entry<V>>,
    bytes: usize,
    /// Counts the questions.
    clock: u64,
}

struct Entry<V> {
    value: V,
    asked_at: u64,
}

impl<K: Clone + Eq + Hash, V: Weighed> Cache<K, V> {
    /// An empty cache.
    pub fn new() -> Self {
        Self {
            entries: HashMap::new(),
            bytes: 0,
            clock: 0,
        }
    }

    /// What is kept under `key`.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.asked_at = self.clock;
        Some(&entry.value)
    }

    /// Keeps `value` under `key`, unless it is more than fits.
    pub fn insert(&mut self, key: K, value: V) {
        self.remove(&key);
        let bytes = value.bytes();
        if bytes > MAX_BYTES {
            return;
        }
        while self.entries.len() >= MAX_ENTRIES || self.bytes + bytes > MAX_BYTES {
            self.remove_oldest();
        }
        self.bytes += bytes;
        let asked_at = self.clock;
        self.entries.insert(key, Entry { value, asked_at });
    }

    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.value.bytes();
        }
    }

    fn remove_oldest(&mut self) {
        let oldest = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| entry.asked_at)
            .map(|(key, _)| key.clone());
        if let Some(key) = oldest {
            self.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Box<[u8]> {
        text.as_bytes().into()
    }

    fn zeros(count: usize) -> Box<[u8]> {
        vec![0; count].into()
    }

    #[test]
    fn what_was_asked_for_last_stays() {
        let mut cache = Cache::<_, Box<[u8]>>::new();
        for key in 0..MAX_ENTRIES {
            cache.insert(key, bytes("set"));
        }
        assert!(cache.get(&0).is_some());
        cache.insert(MAX_ENTRIES, bytes("set"));
        assert!(cache.get(&0).is_some());
        assert!(cache.get(&MAX_ENTRIES).is_some());
        assert_eq!(cache.entries.len(), MAX_ENTRIES);
    }

    #[test]
    fn memory_is_bounded() {
        let mut cache = Cache::<_, Box<[u8]>>::new();
        for key in 0..10 {
            cache.insert(key, zeros(MAX_BYTES / 4));
        }
        assert_eq!(cache.entries.len(), 4);
        assert_eq!(cache.bytes, MAX_BYTES);
        cache.insert(10, zeros(MAX_BYTES + 1));
        assert!(cache.get(&10).is_none());
        assert!(cache.get(&9).is_some());
    }

    #[test]
    fn a_key_has_one_value() {
        let mut cache = Cache::<_, Box<[u8]>>::new();
        cache.insert(1, bytes("old set"));
        cache.insert(1, bytes("new"));
        assert_eq!(cache.get(&1), Some(&bytes("new")));
        assert_eq!(cache.bytes, 3);
        cache.insert(1, zeros(MAX_BYTES + 1));
        assert_eq!(cache.get(&1), None);
        assert_eq!(cache.bytes, 0);
    }
}
