//! Runs the extractor over pages from standard input, one JSON object `{"html": ...}` a line, and answers each with
//! `{"content": ..., "nanos": ...}`: its Markdown, and how long that took. `benches/extraction` compares it with others.

use std::io::{self, BufRead, Write};
use std::time::Instant;

use frontdesk::html;

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let page: serde_json::Value = serde_json::from_str(&line?)?;
        let source = page["html"].as_str().unwrap_or_default();
        let started = Instant::now();
        let extracted = html::extract(source);
        let nanos = started.elapsed().as_nanos();
        let answer = serde_json::json!({ "content": extracted.content, "nanos": nanos as u64 });
        writeln!(out, "{answer}")?;
    }
    out.flush()
}
