//! Where a chunk ends.

use super::graphemes;
use super::outline::{Break, Level, Outline};
use super::sentences::{self, Gap};
use super::words;

/// The room a chunk has: it holds new text from `at`, and nothing behind `limit` fits.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub at: usize,
    pub limit: usize,
}

/// The best place to end a chunk in `room`. There must be text behind the room.
pub fn best(text: &str, outline: &Outline, room: Room) -> Gap {
    let room = before_block(outline, room);
    let least = graphemes::border_before(text, room.at, least_full(text, room));
    let upper = Room { at: least, ..room };
    let lower = Room {
        limit: least,
        ..room
    };
    // A section is cut off from the text above it however short that is: else its first part would stand under a foreign heading.
    between_lines(outline, room, Level::Heading)
        .or_else(|| best_border(text, outline, upper))
        .or_else(|| best_border(text, outline, lower))
        .or_else(|| between_lines(outline, room, Level::Stranding))
        .unwrap_or_else(|| between_clusters(text, room))
}

fn best_border(text: &str, outline: &Outline, room: Room) -> Option<Gap> {
    between_lines(outline, room, Level::Item)
        .or_else(|| last_sentence(text, outline, room))
        .or_else(|| between_lines(outline, room, Level::Line))
        .or_else(|| last_word(text, outline, room))
}

/// The room that is left when a block that would be cut, and need not be, is left to the next chunk.
fn before_block(outline: &Outline, room: Room) -> Room {
    match outline.block_around(room.limit) {
        Some(block) if block.fits && block.start > room.at => Room {
            limit: block.start,
            ..room
        },
        _ => room,
    }
}

/// How full a chunk should be at least: up to there a worse border is taken to fill it up. On the Chroma chunking evaluation a
/// quarter gives chunks that fit the evidence better than a half, at the same mean size, and less would only make small chunks.
fn least_full(text: &str, room: Room) -> usize {
    let mut least = room.at + (room.limit - room.at) / 4;
    while !text.is_char_boundary(least) {
        least -= 1;
    }
    least
}

/// The last of the best breaks between lines that are at least as good as `least`.
fn between_lines(outline: &Outline, room: Room, least: Level) -> Option<Gap> {
    let mut best: Option<Break> = None;
    if least > outline.best_level() {
        return None;
    }
    for it in outline.breaks(room.at, room.limit) {
        if it.level >= least && best.is_none_or(|best| it.level > best.level) {
            best = Some(it);
        }
        if it.level == outline.best_level() {
            break;
        }
    }
    best.map(|it| Gap {
        end: it.end,
        start: it.start,
    })
}

fn last_sentence(text: &str, outline: &Outline, room: Room) -> Option<Gap> {
    outside_blocks(outline, room, |from, to| {
        sentences::last_end(text, from, to)
    })
}

fn last_word(text: &str, outline: &Outline, room: Room) -> Option<Gap> {
    outside_blocks(outline, room, |from, to| words::last_border(text, from, to))
}

/// The last place that `find` gives and that is not inside a block to be kept whole.
fn outside_blocks(
    outline: &Outline,
    room: Room,
    find: impl Fn(usize, usize) -> Option<Gap>,
) -> Option<Gap> {
    let mut limit = room.limit;
    while limit > room.at {
        let gap = find(room.at, limit)?;
        match outline.block_around(gap.end) {
            Some(block) if block.fits => limit = block.start,
            _ => return Some(gap),
        }
    }
    None
}

/// Between two grapheme clusters as far back as need be, or behind the first one when it alone is longer than the room.
fn between_clusters(text: &str, room: Room) -> Gap {
    let border = graphemes::border_before(text, room.at, room.limit);
    let border = if border > room.at {
        border
    } else {
        graphemes::border_after(text, room.at)
    };
    Gap {
        end: border,
        start: border,
    }
}
