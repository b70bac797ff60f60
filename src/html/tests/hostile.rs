//! Pages that are made to cost much.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Far more than any of these takes, and far less than a quadratic algorithm would.
const PATIENCE: Duration = Duration::from_secs(20);

/// The backend's stack is 8 MB and Postgres allows 2 MB of it; this is a quarter of that.
const STACK: usize = 512 * 1024;

fn quickly(html: String) -> Page {
    let bytes = html.len();
    let reader = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let begun = Instant::now();
            (extract(&html), begun.elapsed())
        });
    let (page, taken) = reader.expect("a thread").join().expect("no overflow");
    assert!(taken < PATIENCE, "{bytes} bytes took {taken:?}");
    assert!(
        page.content.len() <= 20 * bytes + 1000,
        "{bytes} bytes became {}",
        page.content.len()
    );
    page
}

#[test]
fn ten_thousand_levels_of_nesting_are_read() {
    for tag in [
        "div",
        "b",
        "ul><li",
        "table><tr><td",
        "blockquote",
        "a href=x",
        "svg",
        "span",
        "section",
        "custom-x",
        "p><q",
    ] {
        let page = quickly(format!(
            "{}deep{}",
            format!("<{tag}>").repeat(10_000),
            "</div>".repeat(10_000)
        ));
        if tag != "svg" {
            assert!(page.content.contains("deep"), "{tag}");
        }
    }
}

#[test]
fn text_is_not_glued_however_deep() {
    let page = quickly(format!("{}one<div>two</div>three", "<div>".repeat(2000)));
    assert_eq!(
        page.content.split_whitespace().collect::<Vec<_>>(),
        ["one", "two", "three"]
    );
}

#[test]
fn a_megabyte_of_anything_takes_linear_time() {
    const SIZE: usize = 1_000_000;
    for piece in [
        "<div>",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<a>",
        "<a href=x>y",
        "<li>",
        "<ul>",
        "<table>",
        "<tr>",
        "<td>",
        "<td rowspan=9>x",
        "<tr><td>",
        "<td colspan=99>",
        "<b></p>",
        "<span></b>",
        "<font color=1>",
        "<p><b>x",
        "</div>",
        "<svg>",
        "<svg></b>",
        "<math>",
        "<button>",
        "<footer>",
        "<h1>",
        "<pre>",
        "<q>",
        "<img alt=x>",
        "<br>",
        "&amp;",
        "&",
        "<",
        "</",
        "<!--",
        "<![CDATA[",
        "x ",
        " ",
        "\u{a0}",
        "`",
        "#",
        "<script>",
        "<script type=application/ld+json>",
        "<title>",
        "<form><label>",
        "<div hidden>",
        "<div class=footer>",
        "<blockquote>",
        "<ol><li>",
        "<table><tr><th>a<th>b<tr><td rowspan=99>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        quickly(piece.repeat(SIZE / piece.len()));
    }
    quickly(format!(
        "<a {}>",
        (0..SIZE / 8).map(|i| format!("a{i} ")).collect::<String>()
    ));
    quickly(format!("<a class='{}'>x", "nav ".repeat(SIZE / 4)));
    quickly(format!("<p>{}", "Word and word. ".repeat(SIZE / 15)));
}

const SEEDS: &[&str] = &[
    include_str!("pages/shop.html"),
    include_str!("pages/docs.html"),
    include_str!("pages/soup.html"),
];

fn mutated() -> impl Strategy<Value = String> {
    let cut = |text: &str, at: prop::sample::Index| {
        let at = at.index(text.len() + 1);
        (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let piece = prop_oneof![
        "[<>/&;\"'=!# a-zé\u{0}-]{0,8}",
        "</?(p|div|td|a|li|b|svg|table|h2|script)( href=x)?/?>",
        any::<String>()
    ];
    let edit = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        piece,
    );
    (
        prop::sample::select(SEEDS),
        prop::collection::vec(edit, 0..12),
    )
        .prop_map(move |(seed, edits)| {
            let mut page = seed.to_owned();
            for (from, to, piece) in edits {
                let (a, b) = (cut(&page, from), cut(&page, to));
                let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 40));
                let b = (0..=b)
                    .rev()
                    .find(|at| page.is_char_boundary(*at))
                    .unwrap_or(a)
                    .max(a);
                page.replace_range(a..b, &piece);
            }
            page
        })
}

proptest! {
    #[test]
    fn a_damaged_page_is_still_read(html in mutated()) {
        let page = extract(&html);
        prop_assert_eq!(&extract(&html), &page);
        prop_assert!(!page.content.contains('\0'));
        prop_assert_eq!(page.content.trim(), page.content.as_str());
    }

    #[test]
    fn any_text_is_a_page(html in any::<String>()) {
        let page = extract(&html);
        prop_assert_eq!(page.content.trim(), page.content.as_str());
    }
}
