//! What the four queues share: who is next, leases, pauses, dead letters.
//!
//! A job is in one of five states. *In line*: it has a `turn`, and claims take the lowest turns. *Leased*: it has a
//! `lease_token` and an end of the lease. *Pausing*: it is pending with a `not_before`. *Done*, or *failed*: a dead letter.
//! Whoever makes a job pending by plain SQL puts it in line, by a trigger.
//!
//! Claims leave dead rows at the front of the line, which stay for as long as somebody holds an older snapshot. So a claim
//! starts where the last one ended (a sequence says where) and never walks over them. What that misses, a job committed
//! late, and all that waits for a time to pass, is found by a *sweep*, which does walk and so takes at most one fiftieth
//! of the time of a session that claims.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use pgrx::datum::Interval;

use super::arguments::ErrorClass;
use super::template;
use crate::error::Result;
use crate::spi;

/// After this many failed attempts a job is a dead letter, status `failed`.
pub const MAX_ATTEMPTS: i32 = 5;
/// Error texts of workers are kept up to this length.
pub const MAX_ERROR_CHARS: i32 = 2000;
/// Jobs that one sweep moves, so that it never holds many locks.
const SWEPT_AT_ONCE: i32 = 1000;
/// A sweep that took one second is not repeated for fifty: sweeping is at most a fiftieth of the work.
const REST_AFTER_SWEEP: u32 = 50;
/// A worker that finds nothing has the time to look again, unless looking is slow.
const QUICK_SWEEP: Duration = Duration::from_millis(250);
/// What ends an attempt whose worker did not come back.
const LEASE_ENDED: &str = "the lease ended before the worker came back";

/// One of the queues: a table of jobs with the columns `turn`, `lease_token`, `lease_expires_at`, `not_before`,
/// `retry_count` and `error_message`.
#[derive(Debug, PartialEq, Eq)]
pub struct Queue {
    /// What `queue_status()` and `requeue()` call it.
    pub name: &'static str,
    table: &'static str,
    status: &'static str,
    /// The status of a job under way.
    processing: &'static str,
    /// The status of a job that is done.
    completed: &'static str,
    /// Which jobs are claimed first, other than by turn.
    order: &'static str,
    /// The column by which jobs are fair to each other.
    pub domain: &'static str,
    /// Whether a job is a page.
    has_pages: bool,
}

pub const EMBEDDING: Queue = Queue {
    name: "embedding",
    table: "embedding_queue",
    status: "status",
    processing: "processing",
    completed: "completed",
    order: BY_TURN,
    domain: "domain_id",
    has_pages: true,
};

pub const EXTRACTION: Queue = Queue {
    name: "entity_extraction",
    table: "entity_extraction_queue",
    order: "q.priority desc nulls last, q.turn",
    ..EMBEDDING
};

pub const SCRAPE: Queue = Queue {
    name: "scrape",
    table: "scrape_jobs",
    processing: "running",
    domain: "domain",
    has_pages: false,
    ..EMBEDDING
};

pub const ENRICHMENT: Queue = Queue {
    name: "enrichment",
    table: "demo_attempts",
    status: "enrichment_status",
    // A request under way has no status of its own: its lease tells.
    processing: "pending",
    completed: "enriched",
    domain: "domain",
    has_pages: false,
    ..EMBEDDING
};

const BY_TURN: &str = "q.turn";

/// All queues.
pub const ALL: [&Queue; 4] = [&EMBEDDING, &EXTRACTION, &SCRAPE, &ENRICHMENT];

/// Reads one of the statements that all queues share.
macro_rules! shared {
    ($queue:expr, $file:literal) => {
        $queue.statement(include_str!(concat!(
            "../../sql/queries/queues/any/",
            $file
        )))
    };
}

/// A job in line.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub job: pgrx::Uuid,
    pub turn: i64,
}

impl Queue {
    /// The statement that `template` is for this queue: it names the queue's table, its columns and its order.
    fn statement(&self, template: &'static str) -> &'static str {
        template::statement(
            template,
            self.table,
            &[
                ("any_queue", self.table),
                ("job_status", self.status),
                ("job_order", self.order),
                ("job_domain", self.domain),
            ],
        )
    }

    /// Where claims begin. Priorities let jobs pass each other, so that there the line begins at its beginning.
    fn head(&self) -> Result<i64> {
        if self.order != BY_TURN {
            return Ok(0);
        }
        let head = spi::select_one(shared!(self, "head.sql"), &[], |row| spi::value(row, 1))?;
        Ok(head.unwrap_or(0))
    }

    /// The first jobs in line that nobody else holds, locked until the end of the transaction: from those on that the line
    /// has passed, when it is time for a sweep, or nothing else is found.
    pub fn pick(&self, at_most: i32) -> Result<Vec<Place>> {
        let start = match self.sweep_when(Sweep::is_rested)? {
            Some(start) => start,
            None => self.head()?,
        };
        let picked = self.first_in_line(start, at_most)?;
        if !picked.is_empty() {
            return Ok(picked);
        }
        match self.sweep_when(Sweep::is_quick_or_rested)? {
            Some(start) => self.first_in_line(start, at_most),
            None => Ok(picked),
        }
    }

    fn first_in_line(&self, start: i64, at_most: i32) -> Result<Vec<Place>> {
        spi::write(
            shared!(self, "pick.sql"),
            &[start.into(), at_most.into()],
            |row| {
                Ok(Place {
                    job: spi::value(row, 1)?,
                    turn: spi::value(row, 2)?,
                })
            },
        )
    }

    /// Remembers that the line has come to `turn`. It stays so when the transaction is rolled back; a sweep finds the jobs
    /// that are behind it then.
    pub fn advance(&self, turn: i64) -> Result<()> {
        if turn <= self.head()? {
            return Ok(());
        }
        spi::write(shared!(self, "advance.sql"), &[turn.into()], |_| Ok(()))?;
        Ok(())
    }

    /// Claims up to so many jobs under a lease.
    pub fn claim(
        &self,
        at_most: i32,
        lease: Interval,
        token: pgrx::Uuid,
    ) -> Result<Vec<pgrx::Uuid>> {
        let picked = self.pick(at_most)?;
        let jobs: Vec<_> = picked.iter().map(|place| place.job).collect();
        let Some(last) = picked.iter().map(|place| place.turn).max() else {
            return Ok(jobs);
        };
        self.advance(last)?;
        spi::execute(
            shared!(self, "lease.sql"),
            &[
                jobs.clone().into(),
                lease.into(),
                token.into(),
                self.processing.into(),
            ],
        )?;
        Ok(jobs)
    }

    /// The jobs of a lease that has not ended, locked. Whoever writes what belongs to a job holds its place in the queue
    /// first, so that nobody waits for somebody who waits for them.
    pub fn leased(&self, token: pgrx::Uuid) -> Result<Vec<pgrx::Uuid>> {
        spi::write(shared!(self, "leased.sql"), &[token.into()], |row| {
            spi::value(row, 1)
        })
    }

    /// Ends the leases of jobs that failed; how many.
    pub fn fail(&self, jobs: &[pgrx::Uuid], failure: &Failure) -> Result<usize> {
        if jobs.is_empty() {
            return Ok(0);
        }
        spi::execute(
            shared!(self, "fail.sql"),
            &[
                jobs.to_vec().into(),
                failure.error.into(),
                failure.class.name().into(),
                failure.pause.into(),
                MAX_ATTEMPTS.into(),
                MAX_ERROR_CHARS.into(),
            ],
        )
    }

    /// Ends the leases of jobs that nobody has tried.
    pub fn release(&self, jobs: &[pgrx::Uuid]) -> Result<()> {
        if !jobs.is_empty() {
            spi::execute(shared!(self, "release.sql"), &[jobs.to_vec().into()])?;
        }
        Ok(())
    }

    /// Ends the leases of jobs that are done.
    pub fn finish(&self, jobs: &[pgrx::Uuid]) -> Result<()> {
        if !jobs.is_empty() {
            spi::execute(
                shared!(self, "finish.sql"),
                &[jobs.to_vec().into(), self.completed.into()],
            )?;
        }
        Ok(())
    }

    /// Puts dead letters, or these jobs, in line again; which.
    pub fn requeue(
        &self,
        domain: Option<&str>,
        jobs: Option<Vec<pgrx::Uuid>>,
    ) -> Result<Vec<pgrx::Uuid>> {
        let sql = if self == &SCRAPE {
            shared!(self, "requeue_scrape_jobs.sql")
        } else {
            shared!(self, "requeue.sql")
        };
        spi::write(sql, &[domain.into(), jobs.into()], |row| spi::value(row, 1))
    }

    /// Of jobs that are to be moved into line, and so perhaps to be claimed at once, those whose pages nobody writes.
    fn movable(&self, jobs: Vec<pgrx::Uuid>) -> Result<Vec<pgrx::Uuid>> {
        if jobs.is_empty() || !self.has_pages {
            return Ok(jobs);
        }
        spi::write(shared!(self, "lock_pages.sql"), &[jobs.into()], |row| {
            spi::value(row, 1)
        })
    }

    fn expired(&self) -> Result<Vec<pgrx::Uuid>> {
        let jobs = spi::write(
            shared!(self, "expired.sql"),
            &[SWEPT_AT_ONCE.into()],
            |row| spi::value(row, 1),
        )?;
        self.movable(jobs)
    }

    /// Moves jobs whose pause is over into line.
    fn wake(&self) -> Result<()> {
        let jobs = spi::write(
            shared!(self, "paused.sql"),
            &[SWEPT_AT_ONCE.into()],
            |row| spi::value(row, 1),
        )?;
        let jobs = self.movable(jobs)?;
        if !jobs.is_empty() {
            spi::execute(shared!(self, "wake.sql"), &[jobs.into()])?;
        }
        Ok(())
    }

    /// Returns the jobs whose worker did not come back, which counts as an attempt: what kills every worker that tries it
    /// must end as a dead letter. How many.
    fn return_expired(&self) -> Result<usize> {
        let jobs = self.expired()?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let failure = Failure {
            error: LEASE_ENDED,
            class: ErrorClass::Retryable,
            pause: Some(Interval::from_micros(0)),
        };
        if self == &EMBEDDING {
            super::embedding::fail_jobs(&jobs, None, &failure)?;
        } else {
            self.fail(&jobs, &failure)?;
        }
        Ok(jobs.len())
    }

    /// Moves into line what time has brought: jobs of expired leases, and jobs whose pause is over. How many were leased.
    pub fn sweep(&self) -> Result<usize> {
        let expired = self.return_expired()?;
        self.wake()?;
        Ok(expired)
    }

    /// Sweeps when the last sweep of this session allows it. Then claims begin at the turn that it returns, which is that of
    /// the first job that the line has passed, if there is one.
    fn sweep_when(&self, is_time: impl Fn(&Sweep) -> bool) -> Result<Option<i64>> {
        thread_local! {
            static LAST: RefCell<HashMap<&'static str, Sweep>> = RefCell::default();
        }
        if LAST.with_borrow(|last| last.get(self.name).is_some_and(|last| !is_time(last))) {
            return Ok(None);
        }
        let started = Instant::now();
        self.sweep()?;
        let head = self.head()?;
        let late = spi::select_one(shared!(self, "late.sql"), &[head.into()], |row| {
            spi::value::<i64>(row, 1)
        })?;
        let sweep = Sweep {
            ended: Instant::now(),
            took: started.elapsed(),
        };
        LAST.with_borrow_mut(|last| last.insert(self.name, sweep));
        Ok(Some(late.unwrap_or(head)))
    }
}

/// When this session swept a queue last, and for how long.
struct Sweep {
    ended: Instant,
    took: Duration,
}

impl Sweep {
    fn is_rested(&self) -> bool {
        self.ended.elapsed() >= self.took * REST_AFTER_SWEEP
    }

    fn is_quick_or_rested(&self) -> bool {
        self.took <= QUICK_SWEEP || self.is_rested()
    }
}

/// Why jobs failed.
pub struct Failure<'a> {
    pub error: &'a str,
    pub class: ErrorClass,
    /// Instead of the pause that grows with the attempts.
    pub pause: Option<Interval>,
}
