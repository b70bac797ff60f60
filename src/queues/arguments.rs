//! What the functions of all queues are given.

use pgrx::datum::Interval;

use crate::error::{Error, Result, required};
use crate::spi;

/// Items per claim: what a worker can do within any sensible lease.
const MAX_BATCH: i32 = 10_000;

/// What a failure says about another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// Another attempt may succeed.
    Retryable,
    /// Not the job's fault: does not count as an attempt.
    RateLimited,
    /// Another attempt cannot succeed.
    Fatal,
}

impl ErrorClass {
    /// Its name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retryable => "retryable",
            Self::RateLimited => "rate_limited",
            Self::Fatal => "fatal",
        }
    }

    pub fn named(name: Option<&str>) -> Result<Self> {
        let name = required("error_class", name)?;
        let classes = [Self::Retryable, Self::RateLimited, Self::Fatal];
        let class = classes.into_iter().find(|class| class.name() == name);
        class.ok_or_else(|| {
            Error::InvalidArgument(
                format!("error_class must be retryable, rate_limited or fatal, got \"{name}\""),
                "Use retryable unless another attempt cannot help.",
            )
            .into()
        })
    }
}

pub fn checked_batch_size(batch_size: Option<i32>) -> Result<i32> {
    let batch_size = required("batch_size", batch_size)?;
    if (1..=MAX_BATCH).contains(&batch_size) {
        return Ok(batch_size);
    }
    Err(Error::InvalidArgument(
        format!("batch_size must be between 1 and {MAX_BATCH}, got {batch_size}"),
        "Claim what the worker can do within one lease.",
    )
    .into())
}

pub fn checked_lease(lease: Option<Interval>) -> Result<Interval> {
    let lease = required("lease", lease)?;
    if lease.as_micros() > 0 {
        return Ok(lease);
    }
    Err(Error::InvalidArgument(
        "lease must be longer than nothing".into(),
        "Give an interval such as '5 minutes'.",
    )
    .into())
}

/// A pause that overrides the growing one.
pub fn checked_pause(retry_after: Option<Interval>) -> Result<Option<Interval>> {
    match retry_after {
        Some(pause) if pause.as_micros() < 0 => Err(Error::InvalidArgument(
            "retry_after must not be negative".into(),
            "Give an interval such as '30 seconds'.",
        )
        .into()),
        pause => Ok(pause),
    }
}

pub fn new_token() -> Result<pgrx::Uuid> {
    spi::select_one("select gen_random_uuid()", &[], |row| spi::value(row, 1))?
        .ok_or_else(|| Error::Internal("no lease token".into()).into())
}

/// The items of an array argument, none of which may be NULL.
pub fn all_given<T>(name: &'static str, values: Option<Vec<Option<T>>>) -> Result<Vec<T>> {
    let values: Option<Vec<T>> = required(name, values)?.into_iter().collect();
    values.ok_or_else(|| Error::NullArgument(name).into())
}

/// Refuses lists that should have one length.
pub fn one_length(what: &str, lengths: &[usize]) -> Result<()> {
    if lengths.windows(2).all(|pair| pair[0] == pair[1]) {
        return Ok(());
    }
    let lengths: Vec<String> = lengths.iter().map(usize::to_string).collect();
    Err(Error::InvalidArgument(
        format!("{what} must have one length, got {}", lengths.join(", ")),
        "Give one of each for every item.",
    )
    .into())
}
