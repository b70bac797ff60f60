//! Statements that several tables share, written for one of them or for one that does not exist.

use std::cell::RefCell;
use std::collections::HashMap;

type Made = HashMap<(&'static str, &'static str), &'static str>;

/// `template` with other names in the place of some; `variant` tells the names apart. Made once per backend: there are few
/// templates and few variants.
pub fn statement(
    template: &'static str,
    variant: &'static str,
    names: &[(&str, &'static str)],
) -> &'static str {
    thread_local! {
        static MADE: RefCell<Made> = RefCell::default();
    }
    MADE.with_borrow_mut(|made| {
        *made.entry((template, variant)).or_insert_with(|| {
            let sql = names
                .iter()
                .fold(template.to_owned(), |sql, (from, to)| sql.replace(from, to));
            Box::leak(sql.into_boxed_str())
        })
    })
}
