//! When a writer folds what it and others have noted, into the index of words or into the codes of vectors.
//!
//! A transaction that writes chunks one by one sees its own notes, folded or not, as index entries until it ends. So it
//! counts what it notes by itself, and folds more at a time the more it has written: the work stays in proportion.

use std::cell::RefCell;
use std::collections::HashMap;
use std::thread::LocalKey;

use pgrx::Uuid;
use pgrx::prelude::*;

use super::{codes, write};
use crate::error::Result;

/// So many changed chunks are read one by one by every search before they are folded: by estimate 0.5 ms.
const CHUNKS: i64 = 64;
/// So many vectors without a code: comparing them takes a fifth of a millisecond.
const VECTORS: i64 = 128;
/// The share of what a transaction has folded that may wait until it folds again.
const SHARE: i64 = 64;

/// What this transaction knows of a tenant's notes.
#[derive(Default)]
struct Backlog {
    waiting: i64,
    folded: i64,
}

struct Backlogs {
    /// At so many waiting notes they are folded.
    fold_at: i64,
    transaction: Option<TimestampWithTimeZone>,
    tenants: HashMap<Uuid, Backlog>,
}

thread_local! {
    static OF_WORDS: RefCell<Backlogs> = RefCell::new(Backlogs::new(CHUNKS));
    static OF_VECTORS: RefCell<Backlogs> = RefCell::new(Backlogs::new(VECTORS));
}

/// Folds the notes of a tenant's chunks, if enough wait now that this transaction has left so many.
pub fn noted_chunks(config_id: Uuid, notes: i64) -> Result<()> {
    noted(&OF_WORDS, write::fold, config_id, notes)
}

/// The same for vectors without a code.
pub fn noted_vectors(config_id: Uuid, notes: i64) -> Result<()> {
    noted(&OF_VECTORS, codes::fold, config_id, notes)
}

fn noted(
    backlogs: &'static LocalKey<RefCell<Backlogs>>,
    fold: fn(Uuid, i64) -> Result<i64>,
    config_id: Uuid,
    notes: i64,
) -> Result<()> {
    let least = backlogs.with_borrow_mut(|backlogs| backlogs.least_to_fold(config_id, notes));
    if let Some(least) = least {
        let folded = fold(config_id, least)?;
        backlogs.with_borrow_mut(|backlogs| {
            let backlog = backlogs.tenants.entry(config_id).or_default();
            backlog.waiting = 0;
            backlog.folded += folded;
        });
    }
    Ok(())
}

impl Backlogs {
    fn new(fold_at: i64) -> Self {
        Self {
            fold_at,
            transaction: None,
            tenants: HashMap::new(),
        }
    }

    /// How many notes must wait to be folded; `None` when nobody need look.
    fn least_to_fold(&mut self, config_id: Uuid, notes: i64) -> Option<i64> {
        let transaction = pgrx::datum::datetime_support::transaction_timestamp();
        if self.transaction != Some(transaction) {
            self.transaction = Some(transaction);
            self.tenants.clear();
        }
        // Others may have left notes before this transaction began: the first time, look.
        let is_first = !self.tenants.contains_key(&config_id);
        let fold_at = self.fold_at;
        let backlog = self.tenants.entry(config_id).or_default();
        backlog.waiting += notes;
        let least = fold_at.max(backlog.folded / SHARE);
        (is_first || backlog.waiting >= least).then_some(least)
    }
}
