//! What a line of Markdown is, judged from the line alone. Lines come without their line feed.

/// Deepest heading of Markdown.
const DEEPEST_HEADING: usize = 6;

/// Indentation from which a line is code and not a heading, fence or list.
const CODE_INDENT: usize = 4;

/// Whether `line` begins like text or a list item: it can neither be a heading, a fence, an underline nor a table's delimiter row.
pub fn is_unmarked(line: &str) -> bool {
    let rest = line.trim_start();
    !rest.starts_with(['#', '`', '~', '=', '-', '|', ':'])
}

/// The level and text of a heading that begins with `#`.
pub fn heading(line: &str) -> Option<(u8, &str)> {
    let rest = unindented(line)?;
    let text = rest.trim_start_matches('#');
    let level = rest.len() - text.len();
    if !(1..=DEEPEST_HEADING).contains(&level)
        || !(text.is_empty() || text.starts_with([' ', '\t']))
    {
        return None;
    }
    let text = text.trim();
    let without_closing = text.trim_end_matches('#');
    let closed = without_closing.is_empty() || without_closing.ends_with([' ', '\t']);
    let text = if closed {
        without_closing.trim_end()
    } else {
        text
    };
    Some((u8::try_from(level).ok()?, text))
}

/// The level that an underline of `=` or `-` gives to the line above it.
pub fn underline(line: &str) -> Option<u8> {
    let rest = unindented(line)?.trim_end();
    let all = |mark: char| !rest.is_empty() && rest.chars().all(|c| c == mark);
    if all('=') {
        Some(1)
    } else if all('-') {
        Some(2)
    } else {
        None
    }
}

/// The mark of a code fence and how often it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    mark: char,
    length: usize,
}

/// Least marks of a fence.
const SHORTEST_FENCE: usize = 3;

impl Fence {
    /// The fence that `line` opens.
    pub fn opened_by(line: &str) -> Option<Self> {
        // Inside a list item a fence is indented as its text is, so the indentation does not matter here.
        let rest = line.trim_start_matches([' ', '\t']);
        let mark = rest
            .chars()
            .next()
            .filter(|mark| matches!(mark, '`' | '~'))?;
        let info = rest.trim_start_matches(mark);
        let length = rest.len() - info.len();
        let opens = length >= SHORTEST_FENCE && (mark == '~' || !info.contains('`'));
        opens.then_some(Self { mark, length })
    }

    /// Whether `line` closes this fence.
    pub fn is_closed_by(self, line: &str) -> bool {
        let rest = line.trim_start_matches([' ', '\t']).trim_end();
        rest.len() >= self.length && rest.chars().all(|c| c == self.mark)
    }
}

/// Whether `line` is the row of dashes under a table's header.
pub fn is_table_delimiter(line: &str) -> bool {
    let rest = line.trim();
    rest.contains('-')
        && rest.contains('|')
        && rest
            .chars()
            .all(|c| matches!(c, '-' | '|' | ':' | ' ' | '\t'))
}

/// Whether `line` can be a row of a table.
pub fn is_table_row(line: &str) -> bool {
    line.contains('|')
}

/// Whether `line` begins with the mark of a list item: `-`, `*`, `+`, `•`, or a number or letter with `.` or `)`.
pub fn is_list_item(line: &str) -> bool {
    /// Longest number of an item.
    const LONGEST_NUMBER: usize = 9;
    let rest = line.trim_start_matches([' ', '\t']);
    let marked = |rest: &str| rest.starts_with([' ', '\t']);
    if let Some(rest) = rest.strip_prefix(['-', '*', '+', '•', '–', '·', '‣']) {
        return marked(rest);
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = if digits == 0 {
        usize::from(rest.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()))
    } else {
        digits
    };
    (1..=LONGEST_NUMBER).contains(&number)
        && rest[number..]
            .strip_prefix(if digits == 0 { [')', ')'] } else { ['.', ')'] })
            .is_some_and(marked)
}

fn unindented(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len() < CODE_INDENT).then_some(rest)
}
