//! Where a chunk starts: how much it repeats of the one before.

use super::gauge::{Gauge, Unit};
use super::graphemes;
use super::outline::{Level, Outline};
use super::sentences;
use super::words;
use std::ops::Range;

/// What is known when a chunk's start is chosen.
#[derive(Debug, Clone, Copy)]
pub struct Seam {
    /// Where the chunk before starts. This one starts later, or it would hold all of it.
    pub after: usize,
    /// Where the chunk before ends.
    pub end: usize,
    /// Where the new text begins.
    pub at: usize,
    /// The most to repeat.
    pub overlap: usize,
    /// The largest size of a chunk.
    pub most: usize,
    pub unit: Unit,
}

/// The start of the chunk: the first start of a sentence, list item or row, else of a word, that is near enough. It is the new
/// text itself when that begins a section, since what stands above a heading says nothing about it.
pub fn best_start(text: &str, outline: &Outline, gauge: &Gauge, seam: Seam) -> usize {
    /// Starts that are tried: what is repeated may turn out to be a token more than the pieces it is made of.
    const TRIES: usize = 4;
    let mut floor = floor(text, outline, gauge, seam);
    for _ in 0..TRIES {
        let start = start_from(text, outline, seam, floor);
        if start == seam.at || fits(text, outline, seam, start) {
            return start;
        }
        floor = graphemes::border_after(text, start);
    }
    seam.at
}

/// Whether a chunk may start at `start`. Where characters are counted the floor has seen to it.
fn fits(text: &str, outline: &Outline, seam: Seam, start: usize) -> bool {
    if seam.unit == Unit::Characters {
        return true;
    }
    let block = outline.block_at(seam.at).filter(|block| block.fits);
    seam.unit
        .fits(&text[start..seam.end.max(start)], seam.overlap)
        && seam.unit.fits(&text[start..seam.at], seam.most / 2)
        && block.is_none_or(|block| seam.unit.fits(&text[start..block.end], seam.most))
}

fn start_from(text: &str, outline: &Outline, seam: Seam, floor: usize) -> usize {
    if floor >= seam.at {
        return seam.at;
    }
    let line = first_line(outline, seam.after, floor, seam.at);
    let to = line.unwrap_or(seam.at);
    outside_blocks(text, outline, floor..to, |from| {
        sentences::first_start(text, from, to)
    })
    .or(line)
    .or_else(|| {
        outside_blocks(text, outline, floor..to, |from| {
            words::first_start(text, from, to)
        })
    })
    .unwrap_or(seam.at)
}

/// The first place that may be repeated.
fn floor(text: &str, outline: &Outline, gauge: &Gauge, seam: Seam) -> usize {
    let mut floor = gauge.retreat(text, seam.at, seam.overlap, seam.after);
    if let Some(section) = outline.last_section(seam.at) {
        floor = floor.max(section);
    }
    // A block that must stay whole and comes next has to fit behind what is repeated.
    if let Some(block) = outline.block_at(seam.at).filter(|block| block.fits) {
        floor = floor.max(gauge.retreat(text, block.end, seam.most, seam.after));
    }
    if floor <= seam.after {
        floor = graphemes::border_after(text, seam.after);
    }
    graphemes_ceil(text, seam.after, floor)
}

fn graphemes_ceil(text: &str, from: usize, at: usize) -> usize {
    let before = graphemes::border_before(text, from, at);
    if before == at {
        at
    } else {
        graphemes::border_after(text, before)
    }
}

/// The first line from `floor` on that begins an item or more. `after` is a border before it.
fn first_line(outline: &Outline, after: usize, floor: usize, to: usize) -> Option<usize> {
    outline
        .breaks(after, to)
        .skip_while(|it| it.start >= to)
        .take_while(|it| it.start >= floor)
        .filter(|it| it.level >= Level::Item && !is_inside(outline, it.start))
        .last()
        .map(|it| it.start)
}

/// The first place that `find` gives and that is not inside a block to be kept whole.
fn outside_blocks(
    text: &str,
    outline: &Outline,
    range: Range<usize>,
    find: impl Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let floor = range.start;
    let mut from = floor;
    while from < range.end {
        let start = find(from)?;
        match outline.block_around(start) {
            Some(block) if block.fits => from = block.end.max(from + 1),
            _ if graphemes::is_border(text, floor, start) => return Some(start),
            _ => from = graphemes::border_after(text, graphemes::border_before(text, floor, start)),
        }
    }
    None
}

fn is_inside(outline: &Outline, place: usize) -> bool {
    outline.block_around(place).is_some_and(|block| block.fits)
}
