use super::super::tests::random::document;
use super::*;
use proptest::prelude::*;

/// The breaks of a text, found line by line from front to back.
fn read_forward(text: &str) -> Vec<Break> {
    let (mut breaks, mut blank, mut read) = (Vec::new(), false, 0);
    let mut above: Option<(usize, usize)> = None;
    for line in text.split_inclusive('\n') {
        let start = read;
        read += line.len();
        let end = graphemes::trim_end(text, start, read);
        if end == start {
            blank = true;
            continue;
        }
        if let Some((from, to)) = above {
            let before = Before::text(&text[from..to]);
            let level = Level::before_text(before, blank, plain::line_head(text, start));
            breaks.push(Break {
                end: to,
                start,
                level,
            });
        }
        (above, blank) = (Some((start, end)), false);
    }
    breaks
}

proptest! {
    #[test]
    fn breaks_are_the_same_from_both_sides(text in document(), limit in any::<prop::sample::Index>()) {
        let limit = text.floor_char_boundary(limit.index(text.len() + 1));
        let outline = Outline::new(&text, Format::Text, 64, Unit::Characters);
        let found = outline.breaks(0, limit).map(|it| (it.end, it.start, it.level));
        let expected = read_forward(&text);
        let expected = expected.iter().rev().filter(|it| it.end <= limit);
        prop_assert!(found.eq(expected.map(|it| (it.end, it.start, it.level))));
    }
}
