//! Extracts hostile pages and checks what `extract_html` promises of every input.
//!
//! `cargo run --release -p frontdesk-benches --bin fuzz_extraction -- --data DIR --pages DIR`

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use frontdesk::html::{Page, extract};
use frontdesk_benches::fuzz::{self, Input, Inputs, Markup, Options};

fn main() -> ExitCode {
    let options = Program::parse().options;
    let inputs = Inputs::new(options.documents(), Markup::Html);
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

/// What is never to be read; no real page says it.
const UNREAD: &str = "zqunreadzq";
const HIDDEN: &str = "<script>zqunreadzq</script><style>zqunreadzq</style><!--zqunreadzq--><template>zqunreadzq</template>";

fn check(input: &Input) -> Result<&'static str, String> {
    /// Far more than 64 kB take, and far less than with a quadratic algorithm.
    const PATIENCE: Duration = Duration::from_secs(1);
    let html = format!("{HIDDEN}{}", input.text);
    let (page, time) = timed(&html);
    let (again, time_again) = timed(&html);
    // The faster one: a busy machine can keep the other waiting.
    let time = time.min(time_again);
    if time > PATIENCE {
        return Err(format!("{} bytes took {time:?}", html.len()));
    }
    if again != page {
        return Err("the same page is read in two ways".into());
    }
    check_content(&page, html.len())?;
    check_headings(&page)?;
    check_head(&page)?;
    check_declared(&page)?;
    Ok(if page.content.is_empty() {
        "without text"
    } else {
        "with text"
    })
}

fn timed(html: &str) -> (Page, Duration) {
    let begun = Instant::now();
    (extract(html), begun.elapsed())
}

fn check_content(page: &Page, bytes: usize) -> Result<(), String> {
    let content = &page.content;
    // Spans of table cells repeat short texts, within bounds.
    let most = 20 * bytes + 1000;
    require(content.len() <= most, || {
        format!("{bytes} bytes became {}", content.len())
    })?;
    require(!content.contains('\0'), || "NUL in the content".into())?;
    require(content.trim() == content, || {
        "space around the content".into()
    })?;
    require(!content.contains(UNREAD), || {
        "a script, style, comment or template is read".into()
    })?;
    require(
        !content.contains("\n\n\n") || content.contains("```"),
        || "two blank lines outside of code".into(),
    )
}

/// Every heading stands in the content as it is listed, in this order.
fn check_headings(page: &Page) -> Result<(), String> {
    let mut rest = page.content.as_str();
    for heading in &page.headings {
        require((1..=6).contains(&heading.level), || {
            format!("level {}", heading.level)
        })?;
        require(is_one_line(&heading.text), || {
            format!("heading {:?}", heading.text)
        })?;
        let line = format!(
            "{} {}",
            "#".repeat(usize::from(heading.level)),
            heading.text
        );
        let at = rest
            .find(&line)
            .ok_or_else(|| format!("no line {line:?}"))?;
        rest = &rest[at + line.len()..];
    }
    Ok(())
}

fn check_head(page: &Page) -> Result<(), String> {
    for text in [&page.title, &page.description].into_iter().flatten() {
        require(is_one_line(text), || {
            format!("title or description {text:?}")
        })?;
    }
    if let Some(language) = &page.language {
        let is_tag = language
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
        require(is_tag && language.len() <= 35, || {
            format!("language {language:?}")
        })?;
    }
    match &page.canonical_url {
        Some(url) => require(url.trim() == url && !url.is_empty(), || {
            format!("url {url:?}")
        }),
        None => Ok(()),
    }
}

/// Whether a text is trimmed and without line breaks.
fn is_one_line(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(['\n', '\r', '\0'])
}

fn check_declared(page: &Page) -> Result<(), String> {
    for item in page.products.iter().chain(&page.faqs) {
        let object = item.as_object().ok_or("no object")?;
        let is_text = object
            .values()
            .all(|it| it.as_str().is_some_and(|it| !it.is_empty()));
        require(is_text, || format!("declared {item}"))?;
    }
    let is_answered =
        |it: &serde_json::Value| it["question"].is_string() && it["answer"].is_string();
    require(page.faqs.iter().all(is_answered), || {
        "a question without an answer".into()
    })
}

fn require(holds: bool, what: impl Fn() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
