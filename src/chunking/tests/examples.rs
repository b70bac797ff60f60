use super::*;

fn texts<'a>(chunks: &[Chunk<'a>]) -> Vec<&'a str> {
    chunks.iter().map(|chunk| chunk.text).collect()
}

#[test]
fn options_out_of_range_are_refused() {
    let message = |max_chars, overlap| {
        let options = Options {
            max_chars,
            overlap,
            format: Format::Text,
        };
        chunk("text", &options).unwrap_err().to_string()
    };
    assert_eq!(
        message(0, 0),
        "chunk size must be between 64 and 32768, got 0"
    );
    assert_eq!(
        message(40_000, 0),
        "chunk size must be between 64 and 32768, got 40000"
    );
    assert_eq!(
        message(100, 51),
        "overlap must be between 0 and half of the chunk size, 50, got 51"
    );
    assert_eq!(
        message(100, -1),
        "overlap must be between 0 and half of the chunk size, 50, got -1"
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
