//! Postings of one lexeme: in which documents it stands, how often in each field, and where.
//!
//! A list is groups of up to 128 documents. Numbers are LEB128 varints:
//!
//! ```text
//! group:     last document - documents passed before | bytes of frequencies | bytes of positions | frequencies | positions
//! frequency: document - documents passed before | tf           1..=255: so often in the body, with as many positions
//!            document - documents passed before | 0 | A | B | C | D | number of positions
//! position:  distance from the position before
//! ```
//!
//! "Documents passed before" is one more than the document before, 0 at the beginning. Scoring never touches the
//! positions, and whoever looks for few documents skips whole groups. Nothing here trusts the bytes: a list ends where they
//! stop making sense.

use super::{BODY, FIELDS};

/// Documents of a group: some 300 bytes, small enough to decode for one document of it.
const GROUP: usize = 128;

/// How often a lexeme stands in each field of a document.
pub type Frequencies = [u16; FIELDS];

/// Writes a list, in the order of documents.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    count: u32,
    frequencies: Vec<u8>,
    positions: Vec<u8>,
    in_group: usize,
    /// One more than the last document of the groups written, and of the postings.
    passed_by_groups: u32,
    passed: u32,
}

impl Writer {
    /// Adds a document, which must come after those before.
    pub fn push(
        &mut self,
        document: u32,
        frequencies: Frequencies,
        positions: impl ExactSizeIterator<Item = u16>,
    ) {
        put(&mut self.frequencies, document - self.passed);
        self.passed = document + 1;
        self.put_frequencies(frequencies, positions.len());
        let mut before = 0;
        for position in positions {
            put(
                &mut self.positions,
                u32::from(position.saturating_sub(before)),
            );
            before = position;
        }
        self.count += 1;
        self.in_group += 1;
        if self.in_group == GROUP {
            self.end_group();
        }
    }

    fn put_frequencies(&mut self, frequencies: Frequencies, positions: usize) {
        let body = usize::from(frequencies[BODY]);
        let is_plain = frequencies[..BODY] == [0; BODY] && positions == body;
        match u8::try_from(body) {
            Ok(byte @ 1..) if is_plain => self.frequencies.push(byte),
            _ => {
                self.frequencies.push(0);
                for frequency in frequencies {
                    put(&mut self.frequencies, u32::from(frequency));
                }
                put(&mut self.frequencies, positions as u32);
            }
        }
    }

    fn end_group(&mut self) {
        put(&mut self.bytes, self.passed - 1 - self.passed_by_groups);
        put(&mut self.bytes, self.frequencies.len() as u32);
        put(&mut self.bytes, self.positions.len() as u32);
        self.bytes.append(&mut self.frequencies);
        self.bytes.append(&mut self.positions);
        self.passed_by_groups = self.passed;
        self.in_group = 0;
    }

    /// The list and how many documents it has.
    #[must_use]
    pub fn finish(mut self) -> (u32, Vec<u8>) {
        if self.in_group > 0 {
            self.end_group();
        }
        (self.count, self.bytes)
    }
}

/// A written list.
#[derive(Clone, Copy, Default)]
pub struct List<'a> {
    /// How many documents it has, those that are dead too.
    pub count: u32,
    pub bytes: &'a [u8],
}

impl<'a> List<'a> {
    /// The groups of the list.
    pub fn groups(self) -> impl Iterator<Item = Group<'a>> {
        let mut cursor = Cursor(self.bytes);
        let mut passed = 0_u32;
        std::iter::from_fn(move || {
            let last = passed.checked_add(cursor.number()?)?;
            let frequencies = cursor.number()? as usize;
            let positions = cursor.number()? as usize;
            let group = Group {
                passed,
                last,
                frequencies: cursor.take(frequencies)?,
                positions: cursor.take(positions)?,
            };
            passed = last.checked_add(1)?;
            Some(group)
        })
    }

    /// Documents and frequencies.
    pub fn iter(self) -> impl Iterator<Item = (u32, Frequencies)> {
        self.groups().flat_map(Group::iter)
    }

    /// Calls `take` with documents, frequencies and positions.
    pub fn each_with_positions(self, mut take: impl FnMut(u32, Frequencies, &[u16])) {
        let mut places = Vec::new();
        for group in self.groups() {
            let mut positions = Cursor(group.positions);
            for (document, frequencies, count) in group.postings() {
                places.clear();
                let mut before = 0_u16;
                for _ in 0..count {
                    let Some(distance) = positions.number() else {
                        break;
                    };
                    before = before.saturating_add(distance as u16);
                    places.push(before);
                }
                take(document, frequencies, &places);
            }
        }
    }
}

/// Up to 128 documents of a list.
#[derive(Clone, Copy)]
pub struct Group<'a> {
    passed: u32,
    /// Its last document.
    pub last: u32,
    frequencies: &'a [u8],
    positions: &'a [u8],
}

impl<'a> Group<'a> {
    /// Documents and frequencies.
    pub fn iter(self) -> impl Iterator<Item = (u32, Frequencies)> + use<'a> {
        self.postings()
            .map(|(document, frequencies, _)| (document, frequencies))
    }

    /// Documents, frequencies and how many positions each has.
    fn postings(self) -> impl Iterator<Item = (u32, Frequencies, u32)> + use<'a> {
        let mut cursor = Cursor(self.frequencies);
        let mut passed = self.passed;
        std::iter::from_fn(move || {
            let document = passed.checked_add(cursor.number()?)?;
            passed = document.checked_add(1)?;
            let mut frequencies = [0; FIELDS];
            let body = cursor.byte()?;
            if body > 0 {
                frequencies[BODY] = u16::from(body);
                return Some((document, frequencies, u32::from(body)));
            }
            for frequency in &mut frequencies {
                *frequency = cursor.number()? as u16;
            }
            Some((document, frequencies, cursor.number()?))
        })
    }
}

/// Appends a number as a varint.
pub fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads what [`put`] and slices wrote; `None` where the bytes end or a number is too long.
#[derive(Clone, Copy)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    pub fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Posting = (u32, Frequencies, Vec<u16>);

    fn posting() -> impl Strategy<Value = Posting> {
        let frequencies = prop_oneof![
            (1_u16..300).prop_map(|body| [0, 0, 0, body]),
            proptest::array::uniform4(0_u16..400),
        ];
        let positions = proptest::collection::btree_set(0_u16..16_384, 0..20)
            .prop_map(|positions| positions.into_iter().collect());
        (1_u32..5_000, frequencies, positions)
    }

    fn written(postings: &[Posting]) -> (u32, Vec<u8>) {
        let mut writer = Writer::default();
        for (document, frequencies, positions) in postings {
            writer.push(*document, *frequencies, positions.iter().copied());
        }
        writer.finish()
    }

    proptest! {
        #[test]
        fn a_list_reads_as_it_was_written(mut postings in proptest::collection::vec(posting(), 0..400)) {
            let mut document = 0;
            for posting in &mut postings {
                document += posting.0;
                posting.0 = document;
            }
            let (count, bytes) = written(&postings);
            let list = List { count, bytes: &bytes };
            let mut read = Vec::new();
            list.each_with_positions(|document, frequencies, positions| {
                read.push((document, frequencies, positions.to_vec()));
            });
            prop_assert_eq!(&read, &postings);
            let documents: Vec<_> = list.iter().collect();
            let expected: Vec<_> = postings.iter().map(|posting| (posting.0, posting.1)).collect();
            prop_assert_eq!(documents, expected);
            prop_assert_eq!(list.groups().last().map(|group| group.last), postings.last().map(|posting| posting.0));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let list = List { count: 0, bytes: &bytes };
            prop_assert!(list.iter().count() <= bytes.len());
            list.each_with_positions(|_, _, positions| assert!(positions.len() <= bytes.len()));
        }
    }
}
