//! When a writer folds what it and others have noted.
//!
//! A transaction that writes chunks one by one sees its own notes, folded or not, as index entries until it ends. So it
//! counts what it notes by itself, and folds more at a time the more it has written: the work stays in proportion.

use std::cell::RefCell;
use std::collections::HashMap;

use pgrx::Uuid;
use pgrx::prelude::*;

use super::write;
use crate::error::Result;

/// So many changed chunks are read one by one by every search before they are folded: by estimate 0.5 ms.
const FOLD_AT: i64 = 64;
/// The share of what a transaction has folded that may wait until it folds again.
const SHARE: i64 = 64;

/// What this transaction knows of a tenant's notes.
#[derive(Default)]
struct Backlog {
    waiting: i64,
    folded: i64,
}

#[derive(Default)]
struct Backlogs {
    transaction: Option<TimestampWithTimeZone>,
    tenants: HashMap<Uuid, Backlog>,
}

thread_local! {
    static BACKLOGS: RefCell<Backlogs> = RefCell::default();
}

/// Folds the notes of a tenant, if enough wait now that this transaction has left so many.
pub fn noted(config_id: Uuid, notes: i64) -> Result<()> {
    let least = BACKLOGS.with_borrow_mut(|backlogs| backlogs.least_to_fold(config_id, notes));
    if let Some(least) = least {
        let folded = write::fold(config_id, least)?;
        BACKLOGS.with_borrow_mut(|backlogs| {
            let backlog = backlogs.tenants.entry(config_id).or_default();
            backlog.waiting = 0;
            backlog.folded += folded;
        });
    }
    Ok(())
}

impl Backlogs {
    /// How many notes must wait to be folded; `None` when nobody need look.
    fn least_to_fold(&mut self, config_id: Uuid, notes: i64) -> Option<i64> {
        let transaction = pgrx::datum::datetime_support::transaction_timestamp();
        if self.transaction != Some(transaction) {
            self.transaction = Some(transaction);
            self.tenants.clear();
        }
        // Others may have left notes before this transaction began: the first time, look.
        let is_first = !self.tenants.contains_key(&config_id);
        let backlog = self.tenants.entry(config_id).or_default();
        backlog.waiting += notes;
        let least = FOLD_AT.max(backlog.folded / SHARE);
        (is_first || backlog.waiting >= least).then_some(least)
    }
}
