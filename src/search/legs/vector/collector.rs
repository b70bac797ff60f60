//! Codes are looked at where they lie: the statement that reads them calls a function for each row. Fetching the rows would
//! copy each twice, which takes five times as long as looking at it.

use std::cell::RefCell;

use pgrx::prelude::*;

use crate::error::Result;
use crate::rabitq::{Question, Shortlist};

/// The search that is under way.
struct Collector {
    question: Question,
    shortlist: Shortlist,
}

thread_local! {
    static COLLECTOR: RefCell<Option<Collector>> = const { RefCell::new(None) };
}

/// What a statement that calls collect_codes() adds to a shortlist.
pub fn collect<T>(
    question: &Question,
    shortlist: Shortlist,
    read: impl FnOnce() -> Result<T>,
) -> Result<Shortlist> {
    // What an error left behind is dropped here.
    COLLECTOR.set(Some(Collector {
        question: question.clone(),
        shortlist,
    }));
    read()?;
    let collector = COLLECTOR.take();
    Ok(collector.map_or_else(|| Shortlist::new(0), |collector| collector.shortlist))
}

/// Shows a row of codes to the search that is under way; how many vectors it has for that one.
#[pg_extern(schema = "frontdesk")]
fn collect_codes(codes: &[u8]) -> i64 {
    COLLECTOR.with_borrow_mut(|collector| {
        let Some(Collector {
            question,
            shortlist,
        }) = collector
        else {
            return 0;
        };
        let mut count = 0;
        question.estimates(codes, |estimate| {
            count += 1;
            shortlist.add(estimate);
        });
        count
    })
}
