//! Text made of random pieces: characters of every category of Unicode, words, marks, and the structure of a page.

use fastrand::Rng;
use std::sync::LazyLock;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// How structure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    Markdown,
    Html,
}

/// The characters of each category that has some.
static CATEGORIES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let mut categories: Vec<(GeneralCategory, Vec<char>)> = Vec::new();
    for character in '\0'..=char::MAX {
        let category = character.general_category();
        match categories.iter_mut().find(|(it, _)| *it == category) {
            Some((_, characters)) => characters.push(character),
            None => categories.push((category, vec![character])),
        }
    }
    categories
        .into_iter()
        .map(|(_, characters)| characters)
        .collect()
});

/// Pieces that are known to be difficult.
const DIFFICULT: &[&str] = &[
    "24.90 e.g. https://shop.example/?a=b.c&d=%20",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "\u{1f1e9}\u{1f1ea}\u{1f1eb}",
    "👍\u{1f3fd}",
    "e\u{301}\u{323}",
    "\u{1100}\u{1161}\u{11a8}",
    "\u{600}1\u{200d}",
    "क\u{94d}षि",
    "ไม่มีค่าใช้จ่าย",
    "我们提供免费退货。「好」",
    "هل يمكنني الإرجاع؟ ",
    "I'LL don't 'ſ ",
    "\r\n",
    "\n\n",
    "\u{2028}\u{85}\u{a0}",
    "。",
    ". ",
    "........ 12",
    "&amp;&#0;&#x110000;&nbsp",
    "]]>-->",
];

/// A character of any category, each category as often as any other, but NUL, which Postgres cannot hold.
pub fn character(rng: &mut Rng) -> char {
    let category = &CATEGORIES[rng.usize(..CATEGORIES.len())];
    Some(category[rng.usize(..category.len())])
        .filter(|it| *it != '\0')
        .unwrap_or(' ')
}

/// A word, a run or something difficult.
pub fn piece(rng: &mut Rng) -> String {
    match rng.u32(..12) {
        0..5 => word(rng) + " ",
        5 => word(rng) + ". ",
        6 => (0..rng.usize(1..12)).map(|_| character(rng)).collect(),
        7 => character(rng).to_string().repeat(rng.usize(1..80)),
        8 => near(rng, rng.clone().usize(1..40)),
        9 => format!("{}\n", word(rng)),
        10 => " \t\n\r\u{3000}"
            .chars()
            .map(|it| it.to_string().repeat(rng.usize(..6)))
            .collect(),
        _ => DIFFICULT[rng.usize(..DIFFICULT.len())].to_owned(),
    }
}

fn word(rng: &mut Rng) -> String {
    let length = if rng.u32(..60) == 0 {
        rng.usize(60..400)
    } else {
        rng.usize(1..12)
    };
    (0..length).map(|_| rng.lowercase()).collect()
}

/// Characters of one neighbourhood of Unicode, as a script is.
fn near(rng: &mut Rng, length: usize) -> String {
    let first = u32::from(character(rng)) & !0x3f;
    let inside = |rng: &mut Rng| char::from_u32(first + rng.u32(1..0x40)).unwrap_or(' ');
    (0..length).map(|_| inside(rng)).collect()
}

fn line(rng: &mut Rng) -> String {
    let pieces: String = (0..rng.usize(1..12)).map(|_| piece(rng)).collect();
    pieces.replace(['\n', '\r'], " ")
}

/// A heading, list, table, block of code or something broken.
pub fn block(rng: &mut Rng, markup: Markup) -> String {
    match markup {
        Markup::Markdown => markdown(rng),
        Markup::Html => html(rng),
    }
}

fn markdown(rng: &mut Rng) -> String {
    let lines = |rng: &mut Rng, before: &str, after: &str| -> String {
        (0..rng.usize(1..14))
            .map(|_| format!("{before}{}{after}\n", line(rng)))
            .collect()
    };
    match rng.u32(..9) {
        0 => format!("\n{} {}\n", "#".repeat(rng.usize(1..8)), line(rng)),
        1 => format!(
            "\n{}\n{}\n",
            line(rng),
            ["===", "---", "|---|---|"][rng.usize(..3)]
        ),
        2 => format!("\n```{}\n{}```\n", word(rng), lines(rng, "", "")),
        3 => "\n```\n".to_owned(),
        4 | 5 => format!(
            "\n|{}|b|\n|---|---|\n{}\n",
            word(rng),
            lines(rng, "| ", " | x |")
        ),
        6 => format!("\n{}", lines(rng, "- ", "")),
        7 => format!("\n{}", lines(rng, "    ", "")),
        _ => format!("\n> {}\n", lines(rng, "", "  ")),
    }
}

fn html(rng: &mut Rng) -> String {
    const TAGS: [&str; 22] = [
        "p", "div", "h1", "h2", "ul", "li", "table", "tr", "td", "th", "pre", "code", "a", "b",
        "script", "style", "nav", "footer", "title", "template", "svg", "textarea",
    ];
    let tag = TAGS[rng.usize(..TAGS.len())];
    let text = line(rng);
    match rng.u32(..8) {
        0..4 => format!("<{tag}>{text}</{tag}>"),
        4 => format!("<{tag}>{text}"),
        5 => format!("</{tag}>"),
        6 => format!("<{tag} class=\"{text}\" href='{}'><!-- {text}", word(rng)),
        _ => format!("<{tag}>").repeat(rng.usize(1..60)),
    }
}

/// A text of about `size` bytes.
pub fn document(rng: &mut Rng, size: usize, markup: Markup) -> String {
    let mut text = String::with_capacity(size + 1024);
    while text.len() < size {
        if rng.u32(..8) == 0 {
            text.push_str(&block(rng, markup));
        } else {
            text.push_str(&piece(rng));
        }
    }
    text
}
