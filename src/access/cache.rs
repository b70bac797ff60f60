//! A bounded store of bytes by key, which gives up what has not been asked for the longest.

use std::collections::HashMap;
use std::hash::Hash;

/// A pooled connection serves many people in turn; a statement asks for one or two sets of one of them.
const MAX_ENTRIES: usize = 256;
/// Each of hundreds of backends has a cache. Room for the ids of 65,000 domains.
const MAX_BYTES: usize = 1 << 20;

/// Bytes by key.
pub struct Cache<K> {
    entries: HashMap<K, Entry>,
    bytes: usize,
    /// Counts the questions.
    clock: u64,
}

struct Entry {
    bytes: Box<[u8]>,
    asked_at: u64,
}

impl<K: Clone + Eq + Hash> Cache<K> {
    /// An empty cache.
    pub fn new() -> Self {
        Self {
            entries: HashMap::new(),
            bytes: 0,
            clock: 0,
        }
    }

    /// What is kept under `key`.
    pub fn get(&mut self, key: &K) -> Option<&[u8]> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.asked_at = self.clock;
        Some(&entry.bytes)
    }

    /// Keeps `bytes` under `key`, unless they are more than fits.
    pub fn insert(&mut self, key: K, bytes: &[u8]) {
        self.remove(&key);
        if bytes.len() > MAX_BYTES {
            return;
        }
        while self.entries.len() >= MAX_ENTRIES || self.bytes + bytes.len() > MAX_BYTES {
            self.remove_oldest();
        }
        self.bytes += bytes.len();
        let entry = Entry {
            bytes: bytes.into(),
            asked_at: self.clock,
        };
        self.entries.insert(key, entry);
    }

    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes.len();
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

    #[test]
    fn what_was_asked_for_last_stays() {
        let mut cache = Cache::new();
        for key in 0..MAX_ENTRIES {
            cache.insert(key, b"set");
        }
        assert!(cache.get(&0).is_some());
        cache.insert(MAX_ENTRIES, b"set");
        assert!(cache.get(&0).is_some());
        assert!(cache.get(&MAX_ENTRIES).is_some());
        assert_eq!(cache.entries.len(), MAX_ENTRIES);
    }

    #[test]
    fn memory_is_bounded() {
        let mut cache = Cache::new();
        for key in 0..10 {
            cache.insert(key, &vec![0; MAX_BYTES / 4]);
        }
        assert_eq!(cache.entries.len(), 4);
        assert_eq!(cache.bytes, MAX_BYTES);
        cache.insert(10, &vec![0; MAX_BYTES + 1]);
        assert!(cache.get(&10).is_none());
        assert!(cache.get(&9).is_some());
    }

    #[test]
    fn a_key_has_one_value() {
        let mut cache = Cache::new();
        cache.insert(1, b"old set");
        cache.insert(1, b"new");
        assert_eq!(cache.get(&1), Some(b"new".as_slice()));
        assert_eq!(cache.bytes, 3);
        cache.insert(1, &vec![0; MAX_BYTES + 1]);
        assert_eq!(cache.get(&1), None);
        assert_eq!(cache.bytes, 0);
    }
}
