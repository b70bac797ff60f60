//! Writes Markdown: white space collapsed as CSS does, blocks parted by blank lines, lists and quotations indented.

/// List items and quotations nested deeper are written as if they were this deep. Without a bound each line of a hostile page could
/// be hundreds of times longer than its source.
const DEEPEST_INDENT: usize = 8;

/// What has to stand between the text written and the text to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    None,
    Space,
    Line,
    Blank,
}

/// What the lines of a block begin with.
#[derive(Debug)]
struct Indent {
    /// The first line, until it has been written.
    first: Option<String>,
    /// All others.
    rest: &'static str,
}

#[derive(Debug)]
pub struct Writer {
    out: String,
    gap: Gap,
    indents: Vec<Indent>,
    /// Inside of how many blocks that must stay on one line: headings, table cells.
    single_line: usize,
    /// A link has been opened and nothing of its text been written.
    link_pending: bool,
    /// Where the text of the last line begins.
    line_start: usize,
}

impl Writer {
    pub fn new() -> Self {
        Self {
            out: String::new(),
            gap: Gap::None,
            indents: Vec::new(),
            single_line: 0,
            link_pending: false,
            line_start: 0,
        }
    }

    pub fn finish(self) -> String {
        self.out
    }

    /// What has been written on the line, without what it begins with.
    pub fn current_line(&self) -> &str {
        &self.out[self.line_start..]
    }

    /// Asks for a gap before whatever comes next.
    pub fn gap(&mut self, gap: Gap) {
        let first_in_block = self.indents.last().is_some_and(|it| it.first.is_some());
        let gap = match gap {
            Gap::Line | Gap::Blank if self.single_line > 0 => Gap::Space,
            Gap::Line | Gap::Blank if first_in_block => return,
            gap => gap,
        };
        self.gap = self.gap.max(gap);
    }

    /// Asks for a line break and not more, as between the items of a list.
    pub fn close_gap(&mut self) {
        if self.gap == Gap::Blank {
            self.gap = Gap::Line;
        }
    }

    /// Begins a block whose lines are indented. A mark on its first line only, as a heading's, is written at any depth.
    pub fn indent(&mut self, first: String, rest: &'static str) {
        let is_too_deep = self.indents.len() >= DEEPEST_INDENT && !rest.is_empty();
        let indent = if is_too_deep {
            Indent {
                first: None,
                rest: "",
            }
        } else {
            Indent {
                first: Some(first),
                rest,
            }
        };
        self.indents.push(indent);
    }

    pub fn outdent(&mut self) {
        self.indents.pop();
    }

    /// Whether nothing has been written of the block that was indented last.
    pub fn is_block_empty(&self) -> bool {
        self.indents.last().is_some_and(|it| it.first.is_some())
    }

    pub fn begin_single_line(&mut self) {
        self.single_line += 1;
    }

    pub fn end_single_line(&mut self) {
        self.single_line -= 1;
    }

    pub fn is_single_line(&self) -> bool {
        self.single_line > 0
    }

    /// Opens a link; it is only written when it gets a text.
    pub fn open_link(&mut self) {
        self.link_pending = true;
    }

    pub fn close_link(&mut self, url: &str) {
        if self.link_pending {
            self.link_pending = false;
            return;
        }
        self.out.push_str("](");
        for character in url.chars() {
            match character {
                ' ' => self.out.push_str("%20"),
                '(' => self.out.push_str("%28"),
                ')' => self.out.push_str("%29"),
                c if c.is_whitespace() || c.is_control() => {}
                c => self.out.push(c),
            }
        }
        self.out.push(')');
    }

    /// Writes text, white space collapsed.
    pub fn text(&mut self, text: &str) {
        if text.starts_with(is_space) {
            self.gap(Gap::Space);
        }
        let mut words = text
            .split(is_space)
            .filter(|word| !word.is_empty())
            .peekable();
        while let Some(word) = words.next() {
            self.word(word);
            if words.peek().is_some() {
                self.gap(Gap::Space);
            }
        }
        if text.ends_with(is_space) {
            self.gap(Gap::Space);
        }
    }

    /// Writes a line as it is, on a line of its own.
    pub fn line(&mut self, line: &str) {
        self.gap = self.gap.max(Gap::Line);
        self.open_line();
        self.out.push_str(line);
        self.gap = Gap::Line;
    }

    /// Writes an inline mark as it is.
    pub fn mark(&mut self, mark: &str) {
        self.open_line();
        self.out.push_str(mark);
    }

    fn word(&mut self, word: &str) {
        let visible = word.contains(is_visible);
        if !visible {
            return;
        }
        let begins_line = self.open_line();
        if begins_line && looks_like_markup(word) {
            self.out.push('\\');
        }
        self.out.extend(word.chars().filter(|c| is_visible(*c)));
    }

    /// Writes the gap that has been asked for and what the line begins with. Returns whether a line begins.
    fn open_line(&mut self) -> bool {
        let starts = self.out.is_empty() || self.gap >= Gap::Line || self.is_block_empty();
        match self.gap {
            _ if self.out.is_empty() => self.write_indents(),
            Gap::None if !starts => {}
            Gap::Space if !starts => self.out.push(' '),
            Gap::None | Gap::Space => {
                self.out.push('\n');
                self.write_indents();
            }
            Gap::Line => {
                self.out.push('\n');
                self.write_indents();
            }
            Gap::Blank => {
                self.out.push('\n');
                self.write_blank_indents();
                self.out.push('\n');
                self.write_indents();
            }
        }
        self.gap = Gap::None;
        if self.link_pending {
            self.link_pending = false;
            self.out.push('[');
        }
        starts
    }

    fn write_indents(&mut self) {
        for indent in &mut self.indents {
            match indent.first.take() {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(indent.rest),
            }
        }
        self.line_start = self.out.len();
    }

    /// On a blank line only the marks of quotations that have begun are written.
    fn write_blank_indents(&mut self) {
        let start = self.out.len();
        for indent in self.indents.iter().take_while(|it| it.first.is_none()) {
            self.out.push_str(indent.rest);
        }
        let end = start + self.out[start..].trim_end().len();
        self.out.truncate(end);
    }
}

/// White space that collapses: more than in CSS, since the no-break space and its like are spaces to a reader and to a search.
fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// All but the soft hyphen, the zero-width space and the byte order mark, which part words that are one for a reader.
fn is_visible(character: char) -> bool {
    !matches!(character, '\u{AD}' | '\u{200B}' | '\u{FEFF}')
}

/// Whether a word at the beginning of a line would be read as a heading, a fence or an underline.
fn looks_like_markup(word: &str) -> bool {
    let only = |mark: char| word.chars().all(|c| c == mark);
    only('#')
        || word.starts_with("```")
        || word.starts_with("~~~")
        || only('=')
        || (word.len() > 1 && only('-'))
}
