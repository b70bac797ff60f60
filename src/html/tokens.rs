//! Receives what the tokenizer reads and hands it to the builder.

use super::attributes::{self, Name};
use super::builder::{Builder, offset};
use super::tags::Tag;
use super::tree::{Attribute, Tree};
use html5gum::{Emitter, Error, State, Tokenizer};
use std::convert::Infallible;

/// The tree of a page or fragment.
pub fn parse(html: &str) -> Tree {
    let mut receiver = Receiver::new(html.len());
    // A reader over a string cannot fail.
    let _ = Tokenizer::new_with_emitter(html, ByReference(&mut receiver)).finish();
    receiver.tree()
}

/// Names longer than this are not known to [`Tag::of`]; more of them need not be kept.
const LONGEST_TAG: usize = 32;

struct Receiver {
    builder: Builder,
    tag: Vec<u8>,
    is_start: bool,
    self_closing: bool,
    last_start_tag: Vec<u8>,
    first_attribute: usize,
    seen_attributes: u32,
    attribute: Vec<u8>,
    /// The attribute whose value is being read, and where that begins.
    value: Option<(Name, usize)>,
}

impl Receiver {
    fn new(length: usize) -> Self {
        Self {
            builder: Builder::new(length),
            tag: Vec::new(),
            is_start: false,
            self_closing: false,
            last_start_tag: Vec::new(),
            first_attribute: 0,
            seen_attributes: 0,
            attribute: Vec::new(),
            value: None,
        }
    }

    fn tree(mut self) -> Tree {
        self.builder.finish();
        Tree {
            nodes: self.builder.nodes,
            attributes: self.builder.attributes,
            // The input was UTF-8 and is only cut at ASCII characters.
            text: String::from_utf8(self.builder.text).unwrap_or_default(),
        }
    }

    fn init_tag(&mut self, is_start: bool) {
        self.tag.clear();
        self.is_start = is_start;
        self.self_closing = false;
        self.first_attribute = self.builder.attributes.len();
        self.seen_attributes = 0;
        self.attribute.clear();
        self.value = None;
    }

    /// Keeps the attribute that has been read, unless it is unknown or a repetition.
    fn finish_attribute(&mut self) {
        self.begin_value();
        self.attribute.clear();
        let Some((name, first)) = self.value.take() else {
            return;
        };
        self.seen_attributes |= name.bit();
        self.builder.attributes.push(Attribute {
            name,
            first: offset(first),
            last: offset(self.builder.text.len()),
        });
    }

    /// Once the name is complete: decides whether the value is kept.
    fn begin_value(&mut self) {
        if self.value.is_none() && self.is_start && !self.attribute.is_empty() {
            self.value = Name::of(&self.attribute)
                .filter(|name| self.seen_attributes & name.bit() == 0)
                .map(|name| (name, self.builder.text.len()));
            // An unknown name is not asked about again.
            self.attribute.clear();
        }
    }

    fn start_tag(&mut self) -> Option<State> {
        let tag = Tag::of(&self.tag);
        let is_foreign = self.builder.is_foreign();
        let opened = self.builder.start(
            tag,
            hash(&self.tag),
            self.self_closing,
            self.first_attribute,
        );
        self.last_start_tag.clone_from(&self.tag);
        if is_foreign || !opened {
            return None;
        }
        match tag {
            Tag::Title | Tag::Textarea => Some(State::RcData),
            Tag::Script => Some(State::ScriptData),
            Tag::Style | Tag::Noscript | Tag::RawText => Some(State::RawText),
            Tag::Plaintext => Some(State::PlainText),
            _ => None,
        }
    }

    /// Whether text in the element that is open now may be needed.
    fn keeps_text(&self) -> bool {
        match self.builder.current_tag() {
            Tag::Script => self
                .builder
                .current_attribute(Name::Type)
                .is_some_and(is_json_ld),
            Tag::Style | Tag::Noscript | Tag::RawText | Tag::Textarea | Tag::Svg => false,
            _ => true,
        }
    }
}

/// Whether a script's type says that it holds JSON-LD.
pub fn is_json_ld(script_type: &[u8]) -> bool {
    let name = script_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    name.trim_ascii()
        .eq_ignore_ascii_case(b"application/ld+json")
}

/// FNV-1a: tells the names of unknown elements apart.
fn hash(name: &[u8]) -> u32 {
    const OFFSET_BASIS: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    name.iter().fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(PRIME)
    })
}

/// The tokenizer consumes its emitter; this leaves the receiver with the caller.
struct ByReference<'r>(&'r mut Receiver);

impl Emitter for ByReference<'_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.0.last_start_tag = last_start_tag.unwrap_or_default().to_vec();
    }
    fn emit_eof(&mut self) {}
    fn emit_error(&mut self, _: Error) {}
    fn should_emit_errors(&mut self) -> bool {
        false
    }
    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }
    fn emit_string(&mut self, bytes: &[u8]) {
        if self.0.keeps_text() {
            self.0.builder.text(bytes);
        }
    }
    fn init_start_tag(&mut self) {
        self.0.init_tag(true);
    }
    fn init_end_tag(&mut self) {
        self.0.init_tag(false);
    }
    fn init_comment(&mut self) {}
    fn emit_current_tag(&mut self) -> Option<State> {
        self.0.finish_attribute();
        if self.0.is_start {
            return self.0.start_tag();
        }
        let tag = Tag::of(&self.0.tag);
        let name = hash(&self.0.tag);
        self.0.builder.end(tag, name);
        None
    }
    fn emit_current_comment(&mut self) {}
    fn emit_current_doctype(&mut self) {}
    fn set_self_closing(&mut self) {
        self.0.self_closing = true;
    }
    fn set_force_quirks(&mut self) {}
    fn push_tag_name(&mut self, bytes: &[u8]) {
        let room = LONGEST_TAG.saturating_sub(self.0.tag.len());
        self.0.tag.extend(bytes.iter().take(room));
    }
    fn push_comment(&mut self, _: &[u8]) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn init_attribute(&mut self) {
        self.0.finish_attribute();
    }
    fn init_attribute_value(&mut self) {
        self.0.begin_value();
    }
    fn push_attribute_name(&mut self, bytes: &[u8]) {
        // One byte more than any known name has is enough to tell that it is unknown.
        let room = (attributes::LONGEST_NAME + 1).saturating_sub(self.0.attribute.len());
        self.0.attribute.extend(bytes.iter().take(room));
    }
    fn push_attribute_value(&mut self, bytes: &[u8]) {
        self.0.begin_value();
        if self.0.value.is_some() {
            self.0
                .builder
                .text
                .extend(bytes.iter().filter(|byte| **byte != 0));
        }
    }
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        !self.0.is_start && !self.0.tag.is_empty() && self.0.tag == self.0.last_start_tag
    }
}
