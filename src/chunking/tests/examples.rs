use super::*;

fn texts<'a>(chunks: &[Chunk<'a>]) -> Vec<&'a str> {
    chunks.iter().map(|chunk| chunk.text).collect()
}

/// The texts of the chunks of at most 64 characters, without overlap.
fn short(content: &str) -> Vec<&str> {
    texts(&cut(content, 64, 0, Format::Text))
}

fn markdown(content: &str) -> Vec<Chunk<'_>> {
    cut(content, 64, 0, Format::Markdown)
}

/// `words` words of four letters and a space.
fn filler(words: usize) -> String {
    "abcd ".repeat(words)
}

#[test]
fn options_out_of_range_are_refused() {
    let message = |max_size, overlap, unit| {
        let options = Options {
            max_size,
            overlap,
            unit,
            format: Format::Text,
        };
        chunk("text", &options).unwrap_err().to_string()
    };
    assert_eq!(
        message(0, 0, Unit::Characters),
        "chunk size must be between 64 and 32768 characters, got 0"
    );
    assert_eq!(
        message(40_000, 0, Unit::Characters),
        "chunk size must be between 64 and 32768 characters, got 40000"
    );
    assert_eq!(
        message(8_192, 0, Unit::Tokens),
        "chunk size must be between 16 and 8191 tokens, got 8192"
    );
    assert_eq!(
        message(100, 51, Unit::Characters),
        "overlap must be between 0 and half of the chunk size, 50, got 51"
    );
    assert_eq!(
        message(100, -1, Unit::Tokens),
        "overlap must be between 0 and half of the chunk size, 50, got -1"
    );
    assert_eq!(
        "words".parse::<Unit>().unwrap_err().to_string(),
        "unit must be characters or tokens, got \"words\""
    );
    assert_eq!(
        "html".parse::<Format>().unwrap_err().to_string(),
        "format must be text or markdown, got \"html\""
    );
}

#[test]
fn white_space_alone_has_no_chunks() {
    assert!(cut("", 64, 0, Format::Text).is_empty());
    assert!(cut(" \r\n\t\u{3000}\u{a0}\n", 64, 0, Format::Markdown).is_empty());
}

#[test]
fn a_text_that_fits_is_one_chunk() {
    let chunks = cut("  Two words.\n", 64, 10, Format::Text);
    assert_eq!(texts(&chunks), ["Two words."]);
    assert_eq!((chunks[0].start, chunks[0].length), (2, 10));
}

#[test]
fn offsets_are_exact_for_repeated_text() {
    let content = "Same line.\n\n".repeat(20);
    let starts: Vec<usize> = cut(&content, 64, 0, Format::Text)
        .iter()
        .map(|chunk| chunk.start)
        .collect();
    assert_eq!(starts, [0, 60, 120, 180]);
}

#[test]
fn a_paragraph_is_a_better_end_than_a_sentence() {
    let content = format!("{}\n\nOne sentence here. {}", filler(6), filler(9));
    assert_eq!(short(&content)[0], filler(6).trim());
}

#[test]
fn a_sentence_is_a_better_end_than_a_word() {
    let content = format!("{}end. Next {}", filler(7), filler(9));
    assert_eq!(short(&content)[0], format!("{}end.", filler(7)));
}

#[test]
fn a_full_stop_inside_of_something_does_not_end_a_sentence() {
    for inside in [
        "24.90 Euro",
        "e.g. Paris",
        "Dr. Who",
        "z. B. Bonn",
        "www.shop.example",
        "https://a.example/?q=B",
        "J. Smith",
        "the 3. Oktober",
    ] {
        let content = format!("First one. Then {inside} and {}", filler(20));
        assert_eq!(
            short(&content)[0].split_inclusive("First one.").count(),
            2,
            "{inside}"
        );
        let ends_early = short(&content).iter().any(|text| {
            inside
                .split(' ')
                .next()
                .is_some_and(|word| text.ends_with(word) && word.ends_with('.'))
        });
        assert!(!ends_early, "{inside}: {:?}", short(&content));
    }
}

#[test]
fn sentences_of_other_scripts_are_known() {
    let chinese = "我们提供免费退货。".repeat(20);
    assert!(
        short(&chinese).iter().all(|text| text.ends_with('。')),
        "{:?}",
        short(&chinese)
    );
    let arabic = "هل يمكنني إرجاع المنتج؟ ".repeat(9);
    assert!(short(&arabic).iter().all(|text| text.ends_with('؟')));
    let urdu = "یہ ایک جملہ ہے۔ ".repeat(9);
    assert!(short(&urdu).iter().all(|text| text.ends_with('۔')));
    let hindi = "यह एक वाक्य है। ".repeat(9);
    assert!(short(&hindi).iter().all(|text| text.ends_with('।')));
}

#[test]
fn chinese_without_sentences_is_not_cut_before_a_comma() {
    let content = "退货的运费，".repeat(40);
    for text in &short(&content)[1..] {
        assert!(!text.starts_with('，'), "{text}");
    }
}

#[test]
fn a_word_that_fits_is_not_cut() {
    let content = format!(
        "{} https://shop.example/{} {}",
        filler(3),
        "path/".repeat(7),
        filler(9)
    );
    assert_eq!(short(&content)[0], filler(3).trim());
    assert!(short(&content)[1].starts_with(&format!("https://shop.example/{}", "path/".repeat(7))));
}

#[test]
fn a_word_longer_than_a_chunk_is_cut_between_clusters() {
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    let content = family.repeat(20);
    assert!(
        short(&content)
            .iter()
            .all(|text| text.chars().count() % 7 == 0 && text.starts_with('👩'))
    );
    let flags = "\u{1f1e9}\u{1f1ea}".repeat(100);
    assert!(
        short(&flags)
            .iter()
            .all(|text| text.chars().count() % 2 == 0)
    );
}

#[test]
fn a_cluster_longer_than_a_chunk_is_cut_and_marked() {
    let content = format!("a e{} b", "\u{301}".repeat(150));
    let chunks = cut(&content, 64, 20, Format::Text);
    let parts: Vec<(usize, bool)> = chunks
        .iter()
        .map(|chunk| (chunk.length, chunk.oversized))
        .collect();
    assert_eq!(
        parts,
        [(1, false), (64, true), (64, true), (23, true), (1, false)]
    );
}

#[test]
fn overlap_begins_with_a_sentence() {
    let content = "One is a sentence of words. Two is a sentence of words. Three is a sentence. Four is one as well.";
    let chunks = cut(content, 64, 30, Format::Text);
    assert_eq!(
        texts(&chunks),
        [
            "One is a sentence of words. Two is a sentence of words.",
            "Two is a sentence of words. Three is a sentence.",
            "Three is a sentence. Four is one as well."
        ]
    );
}

#[test]
fn overlap_does_not_reach_over_a_heading() {
    let content = format!("# A\n\n{}end.\n\n# B\n\nShort.", filler(9));
    let chunks = cut(&content, 64, 32, Format::Markdown);
    assert_eq!(chunks[1].text, "# B\n\nShort.");
}

#[test]
fn every_chunk_knows_its_headings() {
    let content = format!(
        "intro\n\n# A #\n\n{0}\n\n### C\n\n{0}\n\n## B\n\n{0}\n\nUnder\n=====\n\n{0}\n\n####### no\n#no\n    # no\n",
        filler(11)
    );
    let paths: Vec<String> = markdown(&content)
        .iter()
        .map(|chunk| chunk.heading_path.join("/"))
        .collect();
    assert_eq!(paths, ["", "A", "A/C", "A/B", "Under", "Under"]);
}

#[test]
fn a_heading_stays_with_its_text() {
    let content = format!("{}\n\n## Heading\n\n{}", filler(8), filler(12));
    let chunks = markdown(&content);
    assert_eq!(chunks[0].text, filler(8).trim());
    assert!(chunks[1].text.starts_with("## Heading\n\nabcd"));
}

#[test]
fn what_a_colon_announces_stays_with_it() {
    let content = format!(
        "{}.\n\nDo this:\n\n```\nfn x() {{}}\n```\n\n{}",
        filler(8),
        filler(8)
    );
    assert_eq!(markdown(&content)[1].text.lines().next(), Some("Do this:"));
}

#[test]
fn a_fence_that_fits_is_not_cut() {
    let fence = format!("```sql\n{}```", "select 1;\n".repeat(5));
    let content = format!("Some words.\n\n{fence}\n\nMore words.");
    assert_eq!(
        texts(&markdown(&content)),
        ["Some words.", &fence, "More words."]
    );
    let nested = "````\n```\n\n# no heading\n\n```\n````";
    assert_eq!(markdown(nested).len(), 1);
}

#[test]
fn a_fence_that_does_not_fit_is_cut_between_lines_and_marked() {
    let content = format!(
        "```\n{}```\n\n{}",
        "a line of code\n".repeat(8),
        filler(12).trim()
    );
    let chunks = markdown(&content);
    assert!(chunks.iter().all(|chunk| {
        chunk
            .text
            .lines()
            .all(|line| line.len() < 4 || line == "a line of code" || line.starts_with("abcd"))
    }));
    assert!(chunks[0].oversized && !chunks.last().is_some_and(|chunk| chunk.oversized));
}

#[test]
fn rows_stay_whole_and_the_header_is_repeated() {
    let row = "| 100 | a good shoe |\n";
    let content = format!(
        "| No | Name |\n|----|------|\n{}\n{}",
        row.repeat(6),
        filler(9)
    );
    let chunks = markdown(&content);
    assert_eq!(chunks[0].table_header, None);
    assert_eq!(chunks[1].table_header, Some("| No | Name |\n|----|------|"));
    assert!(chunks[1..3].iter().all(|chunk| chunk.text == row.trim()));
    assert_eq!(chunks.last().and_then(|chunk| chunk.table_header), None);
}

#[test]
fn a_row_that_does_not_fit_is_cut_and_marked() {
    let content = format!("| a | b |\n|---|---|\n| {} | x |\n| y | z |\n", filler(20));
    let chunks = markdown(&content);
    assert!(chunks.iter().filter(|chunk| chunk.oversized).count() >= 2);
    assert!(
        chunks
            .iter()
            .any(|chunk| chunk.text == "| y | z |" && !chunk.oversized
                || chunk.text.ends_with("\n| y | z |"))
    );
}

#[test]
fn an_empty_header_is_not_repeated() {
    let content = format!("|  |  |\n|---|---|\n{}", "| Weight | 240 g |\n".repeat(9));
    assert!(
        markdown(&content)
            .iter()
            .all(|chunk| chunk.table_header.is_none())
    );
}

#[test]
fn indentation_is_kept_in_markdown() {
    let content = format!("- {}\n  - nested item\n", filler(11));
    assert_eq!(markdown(&content)[1].text, "  - nested item");
}

#[test]
fn a_fence_is_closed_only_by_marks_behind_spaces_and_tabs() {
    let fence = "```\na line\n\u{2003}```\n\nanother line\n```";
    let content = format!("{}\n\n{fence}\n", filler(8).trim());
    assert_eq!(markdown(&content)[1].text, fence);
}

#[test]
fn the_space_at_the_end_of_a_cluster_that_is_cut_is_no_chunk() {
    const PREPENDED: &str = "\u{600}";
    let options = Options {
        max_size: 16,
        overlap: 0,
        unit: Unit::Tokens,
        format: Format::Text,
    };
    for marks in 1..40 {
        let content = format!("{} ", PREPENDED.repeat(marks));
        let chunks = chunk(&content, &options).expect("options are in range");
        assert!(chunks.iter().all(|chunk| !chunk.text.trim().is_empty()));
    }
}
