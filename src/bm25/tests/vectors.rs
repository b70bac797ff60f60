//! The reader of `tsvector` against a writer that lays bytes out as Postgres does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::tsvector::TsVector;
use super::super::{FIELDS, Field};

/// Lexemes with their positions and fields.
pub type Lexemes = BTreeMap<Vec<u8>, Vec<(u16, Field)>>;

/// The bytes of a `tsvector` after the length word.
pub fn stored(lexemes: &Lexemes) -> Vec<u8> {
    let (mut entries, mut strings) = (Vec::new(), Vec::new());
    for (lexeme, positions) in lexemes {
        let entry = u32::from(!positions.is_empty())
            | (lexeme.len() as u32) << 1
            | (strings.len() as u32) << 12;
        entries.extend_from_slice(&entry.to_ne_bytes());
        strings.extend_from_slice(lexeme);
        if !positions.is_empty() {
            strings.resize(strings.len().next_multiple_of(2), 0);
            strings.extend_from_slice(&(positions.len() as u16).to_ne_bytes());
            for (position, field) in positions {
                let weight = (FIELDS - 1 - field) as u16;
                strings.extend_from_slice(&(weight << 14 | position).to_ne_bytes());
            }
        }
    }
    let mut bytes = (lexemes.len() as i32).to_ne_bytes().to_vec();
    bytes.append(&mut entries);
    bytes.append(&mut strings);
    bytes
}

/// Documents of few different short lexemes, so that they meet.
pub fn lexemes() -> impl Strategy<Value = Lexemes> {
    let positions = proptest::collection::btree_map(1_u16..40, 0..FIELDS, 0..6);
    let positions = positions.prop_map(|positions| positions.into_iter().collect::<Vec<_>>());
    proptest::collection::btree_map("[ab]{1,3}".prop_map(String::into_bytes), positions, 0..12)
}

proptest! {
    #[test]
    fn a_vector_reads_as_postgres_wrote_it(lexemes in lexemes()) {
        let bytes = stored(&lexemes);
        let vector = TsVector::new(&bytes);
        prop_assert_eq!(vector.len(), lexemes.len());
        for (entry, (lexeme, positions)) in vector.iter().zip(&lexemes) {
            prop_assert_eq!(entry.lexeme, lexeme.as_slice());
            prop_assert_eq!(&entry.positions().collect::<Vec<_>>(), positions);
            let frequencies: u16 = entry.frequencies().iter().sum();
            prop_assert_eq!(usize::from(frequencies), positions.len().max(1));
            prop_assert_eq!(vector.get(lexeme).map(|entry| entry.lexeme), Some(lexeme.as_slice()));
        }
        for absent in [&b""[..], b"b", b"abab", b"c"] {
            prop_assert_eq!(vector.get(absent).is_some(), lexemes.contains_key(absent));
        }
        let with_prefix = vector.with_prefix(b"ab").count();
        prop_assert_eq!(with_prefix, lexemes.keys().filter(|lexeme| lexeme.starts_with(b"ab")).count());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), lexeme in any::<Vec<u8>>()) {
        let mut bytes = bytes;
        if let Some(count) = bytes.first_chunk_mut::<4>() {
            // Small counts reach the entries.
            *count = (i32::from_ne_bytes(*count) % 30).to_ne_bytes();
        }
        let vector = TsVector::new(&bytes);
        for entry in vector.iter() {
            prop_assert!(entry.positions().count() <= bytes.len());
        }
        let _ = vector.get(&lexeme);
        let _ = vector.lengths();
    }
}
