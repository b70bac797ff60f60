//! A bar on a terminal, a line every few seconds in a log.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::queue::Length;

const TICK: Duration = Duration::from_millis(500);
const LOG_EVERY: Duration = Duration::from_secs(5);

pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    logged: Instant,
    pages: u64,
    chunks: u64,
    terminal: bool,
}

impl Progress {
    /// `queue` is what waits at the start; pages that arrive later make the bar longer.
    pub fn new(queue: Length) -> Self {
        let bar = ProgressBar::new(queue.open);
        // Fits into 80 columns.
        let template = "   embedding [{bar:16}] {pos}/{len} pages, {msg}, {elapsed}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message("0 chunks");
        bar.enable_steady_tick(TICK);
        Progress {
            bar,
            started: Instant::now(),
            logged: Instant::now(),
            pages: queue.open,
            chunks: 0,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// `chunks` more have their vector; `open` pages still wait.
    pub fn update(&mut self, chunks: u64, open: u64) {
        self.chunks += chunks;
        self.pages = self.pages.max(open);
        self.bar.set_message(self.rate());
        self.bar.set_length(self.pages);
        self.bar.set_position(self.pages - open);
        if !self.terminal && self.logged.elapsed() >= LOG_EVERY {
            self.logged = Instant::now();
            eprintln!(
                "   embedding: {} of {} pages, {}",
                self.pages - open,
                self.pages,
                self.rate()
            );
        }
    }

    /// The last line: what was done, how fast, and what could not be done.
    pub fn finish(&self, queue: Length) {
        self.bar.finish_and_clear();
        eprintln!(
            "   embedded {} in {:.1} s; {} pages wait, {} failed",
            self.rate(),
            self.started.elapsed().as_secs_f64(),
            queue.open,
            queue.failed
        );
    }

    fn rate(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let rate = self.chunks as f64 / seconds;
        format!("{} chunks ({rate:.0}/s)", self.chunks)
    }
}
