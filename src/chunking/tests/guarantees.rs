//! The guarantees for every input, checked by code that shares nothing with the implementation.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// A text as the checks see it: offsets in characters, borders and sizes of its grapheme clusters.
struct Reference {
    chars: Vec<char>,
    /// For each place between characters: 0 at a border, else the length of the cluster it is in.
    cluster: Vec<usize>,
}

impl Reference {
    fn new(content: &str) -> Self {
        let chars: Vec<char> = content.chars().collect();
        let mut cluster = vec![0; chars.len() + 1];
        let mut at = 0;
        for grapheme in content.graphemes(true) {
            let length = grapheme.chars().count();
            cluster[at + 1..at + length].fill(length);
            at += length;
        }
        Self { chars, cluster }
    }
}

/// Panics when a guarantee does not hold for the chunks of `content`.
pub fn check(content: &str, max_chars: i32, overlap: i32, format: Format) {
    let chunks = cut(content, max_chars, overlap, format);
    let reference = Reference::new(content);
    let most = usize::try_from(max_chars).expect("positive");
    let overlap = usize::try_from(overlap).expect("positive");
    let (mut start_before, mut end_before) = (0, 0);
    for (index, chunk) in chunks.iter().enumerate() {
        let (start, end) = (chunk.start, chunk.start + chunk.length);
        assert_eq!(chunk.index, index);
        let slice: String = reference.chars[start..end].iter().collect();
        assert_eq!(slice, chunk.text, "offset and length give the chunk");
        let header = chunk
            .table_header
            .map_or(0, |header| header.chars().count() + 1);
        assert!(
            chunk.length + header <= most,
            "chunk {index} is {} + {header} long",
            chunk.length
        );
        for place in [start, end] {
            let cluster = reference.cluster[place];
            assert!(
                cluster == 0 || (cluster > most && chunk.oversized),
                "chunk {index} cuts a cluster at {place}"
            );
        }
        assert!(!chunk.text.trim().is_empty(), "chunk {index} is blank");
        assert!(
            index == 0 || (start > start_before && end > end_before),
            "chunk {index} says nothing new"
        );
        assert!(
            end_before.saturating_sub(start) <= overlap,
            "chunk {index} repeats too much"
        );
        let between = reference.chars.get(end_before..start).unwrap_or_default();
        assert!(
            between.iter().all(|c| c.is_whitespace()),
            "lost {between:?}"
        );
        (start_before, end_before) = (start, end);
    }
    let rest = &reference.chars[end_before..];
    assert!(rest.iter().all(|c| c.is_whitespace()), "lost {rest:?}");
    if format == Format::Markdown {
        blocks_are_whole(content, &chunks, most);
    }
}

/// Fences and table rows that fit are inside of one chunk, judged by a simple reading of the lines.
fn blocks_are_whole(content: &str, chunks: &[Chunk], most: usize) {
    let mut cuts: Vec<usize> = chunks
        .iter()
        .flat_map(|c| [c.start, c.start + c.length])
        .collect();
    cuts.sort_unstable();
    for (start, end) in blocks(content) {
        if end - start <= most {
            let first = cuts.partition_point(|cut| *cut <= start);
            let inside = cuts.get(first).filter(|cut| **cut < end);
            assert_eq!(inside, None, "block {start}..{end} is cut");
        }
    }
}

/// Fences without indentation and rows of tables, in characters.
fn blocks(content: &str) -> Vec<(usize, usize)> {
    let (mut blocks, mut at, mut fence, mut table) = (Vec::new(), 0, None, false);
    let mut above = "";
    for line in content.split_inclusive('\n') {
        let text = line.trim_end();
        let end = at + text.chars().count();
        match fence {
            Some(start) if text.trim() == "```" => {
                blocks.push((start, end));
                fence = None;
                table = false;
            }
            Some(_) => {}
            None if text.starts_with("```") && !text[3..].contains('`') => {
                fence = Some(at);
                table = false;
            }
            None if text.is_empty()
                || text.starts_with('#')
                || text.trim_start().starts_with(['`', '~']) =>
            {
                table = false
            }
            None if table && text.contains('|') => {
                let indent = text.len() - text.trim_start().len();
                blocks.push((at + text[..indent].chars().count(), end));
            }
            None => table = text == "|---|---|" && above.starts_with('|'),
        }
        above = if fence.is_some() { "" } else { text };
        at += line.chars().count();
    }
    blocks
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Z]{1,12}",
        2 => "[a-z]{60,200}",
        3 => Just(" ".to_owned()),
        3 => Just(". ".to_owned()),
        2 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        2 => "[.!?…,;:\"')]{1,3}",
        1 => "[ \t\u{a0}\u{2003}\u{2028}]{1,5}",
        1 => " {0,300}",
        2 => Just("24.90 e.g. https://shop.example/?a=b.c".to_owned()),
        2 => "[一-龠]{1,40}[。！？、]",
        1 => "[ぁ-ゖァ-ヺ]{1,40}",
        1 => "[ا-ي]{1,9} [ا-ي]{1,9}[؟۔،]",
        1 => "[ก-ฮ]{1,20}[ะ-ู]",
        1 => "[क-ह]\u{94d}[क-ह]ि",
        1 => "[가-힣]{1,9}",
        1 => Just("👩\u{200d}👩\u{200d}👧\u{200d}👦".to_owned()),
        1 => "(\u{1f1e9}\u{1f1ea}){1,9}\u{1f1e9}?",
        1 => "e\u{301}{1,90}",
        1 => "[\u{300}\u{200d}\u{600}\u{1f3fd}\u{fe0f}\u{1100}\u{1161}]{1,3}",
        1 => Just("👍\u{1f3fd}".to_owned()),
        1 => any::<String>(),
    ]
}

fn block() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(piece(), 1..30).prop_map(|pieces| pieces.concat()),
        1 => "\n#{1,6} [A-Za-z ]{0,80}\n",
        1 => "\n[A-Za-z ]{1,30}\n(===|---)\n",
        2 => ("[a-z]{0,3}", vec("[a-z =;()]{0,60}", 0..20)).prop_map(|(lang, lines)| format!("\n```{lang}\n{}\n```\n", lines.join("\n"))),
        1 => Just("\n```\n".to_owned()),
        2 => vec("[a-z一 .]{1,50}\\|[a-z .|]{1,90}", 1..12).prop_map(|rows| format!("\n|Name|What|\n|---|---|\n|{}\n", rows.join("|\n|"))),
        2 => vec("[a-z .]{1,80}", 1..9).prop_map(|items| format!("\n- {}\n", items.join("\n- "))),
        1 => "\n>  [a-z]{0,20}\n",
    ]
}

fn document() -> impl Strategy<Value = String> {
    vec(block(), 0..14).prop_map(|blocks| blocks.concat())
}

fn options() -> impl Strategy<Value = (i32, i32)> {
    prop_oneof![64..=130, 64..=1000].prop_flat_map(|max_chars| (Just(max_chars), 0..=max_chars / 2))
}

proptest! {
    #[test]
    fn text_keeps_every_guarantee(content in document(), (max_chars, overlap) in options()) {
        check(&content, max_chars, overlap, Format::Text);
    }

    #[test]
    fn markdown_keeps_every_guarantee(content in document(), (max_chars, overlap) in options()) {
        check(&content, max_chars, overlap, Format::Markdown);
    }

    #[test]
    fn any_string_keeps_every_guarantee(content in "\\PC{0,400}", (max_chars, overlap) in options()) {
        check(&content, max_chars, overlap, Format::Markdown);
    }

    #[test]
    fn every_sentence_end_is_one_of_annex_29(content in document()) {
        let borders: Vec<usize> = content.split_sentence_bound_indices().map(|(at, _)| at).collect();
        let mut to = content.len();
        while let Some(gap) = crate::chunking::sentences::last_end(&content, 0, to) {
            let first = borders.partition_point(|at| *at < gap.end);
            let border = borders.get(first).copied().unwrap_or(content.len());
            // Annex 29 leaves opening marks to the sentence before where no space follows, and combining marks always.
            let combines = |c: char| format!("。{c}").split_sentence_bounds().count() == 1;
            let opening = content[gap.start..].trim_start_matches(|c: char| !c.is_alphanumeric() || combines(c));
            prop_assert!(border <= content.len() - opening.len(), "{:?} in {:?}", gap, &content);
            to = (0..gap.end).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
        }
    }
}
