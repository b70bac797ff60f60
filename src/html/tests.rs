//! What reading a page promises. The pages here are short; the properties in `hostile` take them as seeds.

mod hostile;
mod main_text;
mod markdown;
mod metadata;

use super::*;

/// The main text of a page.
fn content(html: &str) -> String {
    extract(html).content
}
