//! Names whose punctuation carries the meaning: `c++`, `c#`, `.net`, `x-100`.
//!
//! The parser of Postgres drops `++`, `#` and a leading dot, so that `c#` is `c`, and takes the hyphen in `x-100` for a
//! minus sign, so that `x 100` does not find it. Such a name is spelled out, and what the parser would have kept follows:
//! `cplusplus c`, `csharp c`, `dotnet net`. A question for `c#` finds what says `C#` first, a question for `c` still finds
//! it, and nobody has to know how names are spelled out, because questions are as well.

use super::Rewriting;

/// Applies the rule of the mark at byte `at`, if there is one; where to go on.
pub fn rewrite(rewriting: &mut Rewriting, at: usize) -> usize {
    match rewriting.text.as_bytes()[at] {
        b'.' => rewrite_dot(rewriting, at),
        b'-' => rewrite_hyphen(rewriting, at),
        _ => rewrite_suffix(rewriting, at),
    }
}

/// `c++`, `g++`, `google+`, `c#`: the mark ends a word with a letter in it, and no word follows.
fn rewrite_suffix(rewriting: &mut Rewriting, at: usize) -> usize {
    let text = rewriting.text;
    let marks = text[at..].bytes().take_while(|b| matches!(b, b'+' | b'#'));
    let end = at + marks.count();
    let spelled_out = match &text[at..end] {
        "+" => "plus ",
        "++" => "plusplus ",
        "#" => "sharp ",
        _ => return end,
    };
    let word = word_before(text, at);
    if word.contains(char::is_alphabetic) && !text[end..].starts_with(char::is_alphanumeric) {
        rewriting.replace(at, end).extend([spelled_out, word, " "]);
    }
    end
}

/// `.net`, `.htaccess`: the dot begins a word.
fn rewrite_dot(rewriting: &mut Rewriting, at: usize) -> usize {
    let text = rewriting.text;
    let begins = text[..at].chars().next_back().is_none_or(|before| {
        before.is_whitespace() || matches!(before, '(' | '[' | '"' | '\'' | '`' | '/' | ',')
    });
    let word = word_after(text, at + 1);
    if begins && word.starts_with(char::is_alphabetic) {
        rewriting.replace(at, at + 1).extend(["dot", word, " "]);
    }
    at + 1
}

/// `x-100`, `2010-2012`: what follows is no negative number.
fn rewrite_hyphen(rewriting: &mut Rewriting, at: usize) -> usize {
    let text = rewriting.text;
    if text[..at].ends_with(char::is_alphanumeric)
        && text[at + 1..].starts_with(char::is_numeric)
        && !is_in_address(&text[..at])
    {
        rewriting.replace(at, at + 1).push(' ');
    }
    at + 1
}

/// Whether `before` ends inside a URL, a path or an e-mail address, which the parser knows.
fn is_in_address(before: &str) -> bool {
    /// Looking further back would make long texts of hyphens slow.
    const REACH: usize = 64;
    let token = before.chars().rev().take(REACH);
    token
        .take_while(|c| !c.is_whitespace())
        .any(|c| matches!(c, '/' | '@'))
}

fn word_before(text: &str, end: usize) -> &str {
    let before = &text[..end];
    &before[before.trim_end_matches(char::is_alphanumeric).len()..]
}

fn word_after(text: &str, start: usize) -> &str {
    let after = &text[start..];
    &after[..after.len() - after.trim_start_matches(char::is_alphanumeric).len()]
}
