use super::*;
use proptest::prelude::*;

/// The number of tokens as the tokenizer of the crate counts them, with its own regular expression.
fn reference(text: &str) -> usize {
    bpe_openai::cl100k_base().count(text)
}

#[test]
fn no_token_is_longer_than_the_longest() {
    let vocabulary = &bpe_openai::cl100k_base().bpe;
    let tokens = 0..u32::try_from(vocabulary.num_tokens()).expect("a hundred thousand");
    assert_eq!(
        tokens.map(|token| vocabulary.token_len(token)).max(),
        Some(LONGEST)
    );
}

#[test]
fn known_texts_have_the_known_number_of_tokens() {
    for (text, tokens) in [
        ("", 0),
        ("tiktoken is great!", 6),
        ("hello world", 2),
        ("antidisestablishmentarianism", 6),
        ("お誕生日おめでとう", 9),
        ("2 + 2 = 4", 7),
    ] {
        assert_eq!(count(text), tokens, "{text}");
    }
}

#[test]
fn a_long_word_is_measured_no_further_than_needed() {
    let word = "ab".repeat(1 << 20);
    let mut prefixes = Prefixes::default();
    let reached = prefixes.measure(&word, 0, 100);
    assert_eq!(count(&word[..reached]), 100);
    assert!(!fits(&word, 100));
}

#[test]
fn no_token_is_parted() {
    let vocabulary = &bpe_openai::cl100k_base().bpe;
    for token in 0..u32::try_from(vocabulary.num_tokens()).expect("a hundred thousand") {
        if let Ok(text) = str::from_utf8(vocabulary.token_bytes(token)) {
            assert_eq!(borders::part_end(text, 0, text.len()), text.len(), "{text}");
        }
    }
}

#[test]
fn most_places_in_chinese_part_tokens() {
    let text = "每个客户都可以在收到商品之后的三十天之内免费退货";
    let mut ends = vec![];
    while ends.last() != Some(&text.len()) {
        let from = ends.last().copied().unwrap_or(0);
        ends.push(borders::part_end(text, from, text.len()));
    }
    assert!(ends.len() > text.chars().count() / 2, "{ends:?}");
}

fn difficult() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z]{1,9}",
        2 => " {0,4}",
        2 => "[\\r\\n\\t \u{a0}\u{2003}]{1,5}",
        2 => "'(?i:s|t|re|ve|m|ll|d|l|ſ|x)",
        2 => "[0-9²Ⅷ٣]{1,7}",
        2 => "[!-/:-@\\[-`{-~]{1,4}",
        1 => "[一-龠ぁ-ゖ가-힣ก-ฮा-्]{1,20}",
        2 => "[的是一不了在人有我他这中大来上国时间数据]{1,20}",
        1 => "(ab|aaaa|  ){100,300}",
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn tokens_are_counted_exactly(text in difficult()) {
        prop_assert_eq!(count(&text), reference(&text));
    }

    #[test]
    fn every_part_is_counted_as_if_it_stood_alone(text in difficult(), most in 1_usize..60, from in any::<prop::sample::Index>()) {
        let from = text.floor_char_boundary(from.index(text.len() + 1));
        let mut prefixes = Prefixes::default();
        let reached = prefixes.measure(&text, from, most);
        for to in (from..=reached).filter(|at| text.is_char_boundary(*at)) {
            prop_assert_eq!(prefixes.size(&text, from, to), reference(&text[from..to]), "{}..{}", from, to);
        }
    }
}
