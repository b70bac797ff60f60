//! Postings of one lexeme: in which documents it stands, how often in each field, and where.
//!
//! A list is groups of up to 128 documents. Numbers are LEB128 varints:
//!
//! ```text
//! group:     last document - documents passed before | bytes of frequencies | bytes of positions | frequencies | positions
//! frequency: document - documents passed before | tf             1..=239: so often in the body
//!            document - documents passed before | 239 + fields   a bit for each field that has some, A the lowest | tf of each
//!            document - documents passed before | 0 | A | B | C | D | number of positions, where that is not their sum
//! position:  distance from the position before
//! ```
//!
//! "Documents passed before" is one more than the document before, 0 at the beginning. Scoring never touches the
//! positions, and whoever looks for few documents skips whole groups. Nothing here trusts the bytes: a list ends where they
//! stop making sense.

use super::{BODY, FIELDS};

/// Documents of a group: some 300 bytes, small enough to decode for one document of it.
const GROUP: usize = 128;

/// The largest frequency in the body that is written as one byte; above it bytes say which fields have some.
const PLAIN: u8 = 239;

/// How often a lexeme stands in each field of a document.
pub type Frequencies = [u16; FIELDS];

/// Writes a list, in the order of documents.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    count: u32,
    most: Frequencies,
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
        for (most, frequency) in self.most.iter_mut().zip(frequencies) {
            *most = frequency.max(*most);
        }
        self.in_group += 1;
        if self.in_group == GROUP {
            self.end_group();
        }
    }

    fn put_frequencies(&mut self, frequencies: Frequencies, positions: usize) {
        let is_in_body = frequencies[..BODY] == [0; BODY];
        let sum: usize = frequencies.iter().copied().map(usize::from).sum();
        let fields = (0..FIELDS).filter(|&field| frequencies[field] > 0);
        let bits = fields.clone().fold(0, |bits, field| bits | 1 << field);
        match u8::try_from(frequencies[BODY]) {
            _ if sum != positions || sum == 0 => {
                self.frequencies.push(0);
                for frequency in frequencies {
                    put(&mut self.frequencies, u32::from(frequency));
                }
                put(&mut self.frequencies, positions as u32);
            }
            Ok(body @ 1..=PLAIN) if is_in_body => self.frequencies.push(body),
            _ => {
                self.frequencies.push(PLAIN + bits);
                for field in fields {
                    put(&mut self.frequencies, u32::from(frequencies[field]));
                }
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

    /// What is stored of the list.
    #[must_use]
    pub fn finish(mut self) -> Written {
        if self.in_group > 0 {
            self.end_group();
        }
        Written {
            count: self.count,
            most: self.most,
            bytes: self.bytes,
        }
    }
}

/// A list to be stored.
pub struct Written {
    pub count: u32,
    pub most: Frequencies,
    pub bytes: Vec<u8>,
}

/// A stored list.
#[derive(Clone, Copy, Default)]
pub struct List<'a> {
    /// How many documents it has, those that are dead too.
    pub count: u32,
    /// The highest frequency in each field of any document.
    pub most: Frequencies,
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

    /// Calls `take` with those of `wanted`, which is in order, that the list has: the place among the wanted, and the
    /// frequencies. Groups without any are passed over.
    pub fn each_of(self, wanted: &[u32], mut take: impl FnMut(usize, Frequencies)) {
        let mut place = 0;
        for group in self.groups() {
            if place == wanted.len() {
                break;
            }
            if wanted[place] > group.last {
                continue;
            }
            for (document, frequencies) in group.iter() {
                let passed = wanted[place..].iter().take_while(|&&next| next < document);
                place += passed.count();
                match wanted.get(place) {
                    Some(&next) if next == document => take(place, frequencies),
                    Some(_) => {}
                    None => break,
                }
            }
        }
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
            let code = cursor.byte()?;
            if (1..=PLAIN).contains(&code) {
                frequencies[BODY] = u16::from(code);
                return Some((document, frequencies, u32::from(code)));
            }
            let bits = code.checked_sub(PLAIN).unwrap_or(u8::MAX);
            let fields = frequencies.iter_mut().enumerate();
            for (_, frequency) in fields.filter(|(field, _)| bits >> field & 1 == 1) {
                *frequency = cursor.number()? as u16;
            }
            let positions = match code {
                0 => cursor.number()?,
                _ => frequencies.iter().copied().map(u32::from).sum(),
            };
            Some((document, frequencies, positions))
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
            proptest::array::uniform4(0_u16..4),
            proptest::array::uniform4(0_u16..400),
        ];
        // As many positions as words, or, of a vector that is cut or stripped, any number.
        (
            1_u32..5_000,
            frequencies,
            prop_oneof![Just(None), (0_u16..20).prop_map(Some)],
        )
            .prop_map(|(document, frequencies, count)| {
                let sum = frequencies.iter().sum::<u16>();
                let positions = (0..count.unwrap_or(sum)).map(|place| place * 7);
                (document, frequencies, positions.collect())
            })
    }

    fn written(postings: &[Posting]) -> Written {
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
            let written = written(&postings);
            let list = List { count: written.count, most: written.most, bytes: &written.bytes };
            let mut read = Vec::new();
            list.each_with_positions(|document, frequencies, positions| {
                read.push((document, frequencies, positions.to_vec()));
            });
            prop_assert_eq!(&read, &postings);
            let documents: Vec<_> = list.iter().collect();
            let expected: Vec<_> = postings.iter().map(|posting| (posting.0, posting.1)).collect();
            prop_assert_eq!(&documents, &expected);
            for posting in &postings {
                prop_assert!(posting.1.iter().zip(list.most).all(|(&frequency, most)| frequency <= most));
            }
            let wanted: Vec<u32> = (0..).step_by(3).take_while(|&number| number <= document + 3).collect();
            let mut some = Vec::new();
            list.each_of(&wanted, |place, frequencies| some.push((wanted[place], frequencies)));
            let expected: Vec<_> = expected.into_iter().filter(|(document, _)| document % 3 == 0).collect();
            prop_assert_eq!(some, expected);
            prop_assert_eq!(list.groups().last().map(|group| group.last), postings.last().map(|posting| posting.0));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let list = List { bytes: &bytes, ..List::default() };
            prop_assert!(list.iter().count() <= bytes.len());
            list.each_with_positions(|_, _, positions| assert!(positions.len() <= bytes.len()));
        }
    }
}
