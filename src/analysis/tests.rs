use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::{phrase, question, stored};

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn text_with_spaces_is_not_touched() {
    for text in [
        "",
        "Refunds take 14 days. Really?",
        "Größe é – “quoted” it’s",
        "हिन्दी में लिखा",
        "العربية",
        "a+b=c, 1.5, -3, end.Next, e-mail, me@x-1.example, https://x.example/page-2 #1",
    ] {
        for prepared in [stored(text), question(text), phrase(text)] {
            assert!(matches!(prepared, std::borrow::Cow::Borrowed(same) if same == text));
        }
    }
}

#[test]
fn a_run_without_spaces_becomes_pairs_and_its_last_character() {
    assert_eq!(words(&stored("东方明珠")), ["东方", "方明", "明珠", "珠"]);
    assert_eq!(words(&question("东方明珠")), ["东方", "方明", "明珠"]);
    assert_eq!(words(&stored("の")), ["の"]);
    assert_eq!(words(&question("茶")), ["茶"]);
}

#[test]
fn a_thai_character_has_its_vowels_and_tones() {
    assert_eq!(words(&stored("ที่นี่")), ["ที่นี่", "นี่"]);
}

#[test]
fn other_scripts_inside_stay_words() {
    assert_eq!(
        words(&question("我的iPhone 15坏了。Refunds?")),
        ["我的", "iPhone", "15", "坏了", "。Refunds?"]
    );
    assert_eq!(
        words(&question("カメラーのT恤衫")),
        ["カメ", "メラ", "ラー", "ーの", "T", "恤衫"]
    );
}

#[test]
fn a_phrase_goes_on_as_the_stored_text_does() {
    let text = "东方 明珠 tower";
    assert_eq!(words(&stored(text)), ["东方", "方", "明珠", "珠", "tower"]);
    assert_eq!(words(&phrase(text)), ["东方", "方", "明珠", "珠", "tower"]);
    assert_eq!(words(&phrase("东方 明珠")), ["东方", "方", "明珠"]);
}

#[test]
fn letters_have_one_spelling() {
    assert_eq!(stored("ｉＰｈｏｎｅ e\u{301} ﬁne"), "iPhone é fine");
    assert_eq!(words(&stored("ｶﾞｽ")), ["ガス", "ス"]);
}

#[test]
fn names_with_punctuation_are_spelled_out_beside_their_words() {
    assert_eq!(
        words(&stored("C++, C# or (.NET) on Google+")),
        [
            "Cplusplus",
            "C",
            ",",
            "Csharp",
            "C",
            "or",
            "(dotNET",
            "NET)",
            "on",
            "Googleplus",
            "Google"
        ]
    );
    assert_eq!(stored("c++"), "cplusplus c ");
    assert_eq!(
        stored("1+ 2++ x+++ a+b c#d e#"),
        "1+ 2++ x+++ a+b c#d esharp e "
    );
    assert_eq!(stored("... end. .5 a.b"), "... end. .5 a.b");
}

#[test]
fn a_hyphen_before_a_digit_is_no_minus() {
    assert_eq!(
        stored("x-100-2, COVID-19, 2010-12"),
        "x 100 2, COVID 19, 2010 12"
    );
    assert_eq!(stored("-5 – -x"), "-5 – -x");
}

#[test]
fn a_long_text_has_a_bounded_number_of_pairs() {
    let long: String = (0..100_000)
        .filter_map(|i| char::from_u32(0x20000 + i % 40_000))
        .collect();
    assert!(stored(&long).len() < 350_100);
    assert!(question(&long).len() > 800_000);
}

/// Whether `part` stands in `whole`, word by word.
fn contains(whole: &[&str], part: &[&str]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}

proptest! {
    /// What makes phrases work: any part of a run, of two characters or more, is found as a phrase.
    #[test]
    fn every_part_of_a_text_is_a_phrase_of_it(text in "[东方明珠のー ]{0,6}( a ){0,2}([东方명의 ]|ที่|นี่){2,12}", from in 0..20usize, length in 2..9usize) {
        let characters: Vec<&str> = text.graphemes(true).skip(from).take(length).collect();
        let part = characters.concat();
        let alone = |word: &&str| word.graphemes(true).count() == 1 && !word.is_ascii();
        let asked = phrase(part.trim()).into_owned();
        let asked = words(&asked);
        // A single character at either end may be half of a pair.
        prop_assume!(!asked.first().is_some_and(alone) && !asked.last().is_some_and(alone));
        let stored = stored(&text).into_owned();
        prop_assert!(contains(&words(&stored), &asked), "{asked:?} in {stored:?}");
    }

    #[test]
    fn odd_text_never_panics(text in any::<String>(), marks in r"[a-c1+#.\-/ 东ที่️‍]{0,30}") {
        for text in [text, marks] {
            drop((stored(&text), question(&text), phrase(&text)));
        }
    }

    /// Nothing that a question asks for is spelled otherwise where it is stored.
    #[test]
    fn a_question_in_the_words_of_a_text_has_them(text in r"[ab1+#.\- 东方명한の]{0,24}") {
        let stored = stored(&text).into_owned();
        let stored = words(&stored);
        for word in words(&question(&text)) {
            prop_assert!(stored.contains(&word), "{word} of {text:?}");
        }
    }
}
