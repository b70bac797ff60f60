//! The guarantees on random text.

use super::check::check;
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

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

pub fn document() -> impl Strategy<Value = String> {
    vec(block(), 0..14).prop_map(|blocks| blocks.concat())
}

fn options(unit: Unit, format: Format) -> impl Strategy<Value = Options> {
    let sizes = match unit {
        Unit::Characters => prop_oneof![64..=130, 64..=1000],
        Unit::Tokens => prop_oneof![16..=40, 16..=300],
    };
    let overlaps = sizes.prop_flat_map(|max_size| (Just(max_size), 0..=max_size / 2));
    overlaps.prop_map(move |(max_size, overlap)| Options {
        max_size,
        overlap,
        unit,
        format,
    })
}

fn count_tokens(text: &str) -> usize {
    bpe_openai::cl100k_base().count(text)
}

proptest! {
    #[test]
    fn text_keeps_every_guarantee(content in document(), options in options(Unit::Characters, Format::Text)) {
        check(&content, &options, count_tokens);
    }

    #[test]
    fn markdown_keeps_every_guarantee(content in document(), options in options(Unit::Characters, Format::Markdown)) {
        check(&content, &options, count_tokens);
    }

    #[test]
    fn text_in_tokens_keeps_every_guarantee(content in document(), options in options(Unit::Tokens, Format::Text)) {
        check(&content, &options, count_tokens);
    }

    #[test]
    fn markdown_in_tokens_keeps_every_guarantee(content in document(), options in options(Unit::Tokens, Format::Markdown)) {
        check(&content, &options, count_tokens);
    }

    #[test]
    fn any_string_keeps_every_guarantee(content in "\\PC{0,400}", options in options(Unit::Characters, Format::Markdown)) {
        check(&content, &options, count_tokens);
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
