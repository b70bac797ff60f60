//! Chunks hostile input and checks every guarantee of `chunk_text` with code that shares nothing with it.
//!
//! `cargo run --release -p frontdesk-benches --bin fuzz_chunking -- --data DIR --pages DIR`

use std::process::ExitCode;

use clap::Parser;
use frontdesk::chunking::{Chunk, Format, Options as ChunkOptions, Unit, chunk};
use frontdesk::html;
use frontdesk_benches::corpus::Document;
use frontdesk_benches::fuzz::{self, Input, Inputs, Markup, Options};

/// The checks of the test suite.
#[path = "../../../src/chunking/tests/check.rs"]
mod check;

fn main() -> ExitCode {
    let options = Program::parse().options;
    let documents = options.documents().into_iter().map(as_chunked).collect();
    let inputs = Inputs::new(documents, Markup::Markdown);
    if fuzz::run(&options, &inputs, check) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    options: Options,
}

/// What is cut of an HTML page is its extracted text.
fn as_chunked(document: Document) -> Document {
    if !document.is_html {
        return document;
    }
    let text = html::extract(&document.text).content;
    Document {
        text,
        is_html: false,
        ..document
    }
}

fn check(input: &Input) -> Result<&'static str, String> {
    let mut rng = input.rng.clone();
    let unit = [Unit::Characters, Unit::Tokens][rng.usize(..2)];
    let format = [Format::Text, Format::Markdown][rng.usize(..2)];
    let sizes = match (unit, rng.bool()) {
        (Unit::Characters, true) => 64..=160,
        (Unit::Characters, false) => 64..=2_048,
        (Unit::Tokens, true) => 16..=40,
        (Unit::Tokens, false) => 16..=512,
    };
    let max_size = rng.i32(sizes);
    let overlap = if rng.bool() {
        0
    } else {
        rng.i32(0..=max_size / 2)
    };
    let options = ChunkOptions {
        max_size,
        overlap,
        unit,
        format,
    };
    check::check(&input.text, &options, |text| {
        bpe_openai::cl100k_base().count(text)
    });
    Ok(match (unit, format) {
        (Unit::Characters, Format::Text) => "text, characters",
        (Unit::Characters, Format::Markdown) => "markdown, characters",
        (Unit::Tokens, Format::Text) => "text, tokens",
        (Unit::Tokens, Format::Markdown) => "markdown, tokens",
    })
}
