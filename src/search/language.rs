//! Text as the text search parser can read it.

use pgrx::prelude::*;

use crate::analysis;

/// A text for `to_tsvector`: in Unicode NFKC, with scripts that put no spaces between words (Chinese, Japanese, Korean,
/// Thai, Lao, Khmer, Burmese, ...) as overlapping pairs of characters, and names such as `c++` and `.net` spelled out.
/// Other text comes back as it is. Every search vector is made of it. With `is_question` a run of such a script ends with
/// its last pair, where stored text has the last character too, so that a question asks for nothing that may be absent.
#[pg_extern(schema = "frontdesk", immutable, strict, parallel_safe)]
fn searchable_text(content: &str, is_question: default!(bool, "false")) -> String {
    let prepared = if is_question {
        analysis::question(content)
    } else {
        analysis::stored(content)
    };
    prepared.into_owned()
}
