//! What becomes of the jobs of a claim whose results are in, for the queues whose jobs are handed in whole.

use std::collections::{HashMap, HashSet};

use super::arguments::ErrorClass;
use super::line::{Failure, Queue};
use crate::error::Result;

/// A row of a completion: what was handed in, and `stored`, `stale` or `invalid`.
pub type Outcome = (pgrx::Uuid, String);

/// The jobs of a claim whose results are being handed in.
pub struct Claim<'a> {
    queue: &'a Queue,
    /// Leased jobs that nothing has been handed in for yet.
    open: HashSet<pgrx::Uuid>,
    done: Vec<pgrx::Uuid>,
    /// Jobs with unusable results, by what is wrong with them.
    failed: HashMap<String, Vec<pgrx::Uuid>>,
}

impl<'a> Claim<'a> {
    pub fn of(queue: &'a Queue, jobs: Vec<pgrx::Uuid>) -> Self {
        Self {
            queue,
            open: jobs.into_iter().collect(),
            done: vec![],
            failed: HashMap::new(),
        }
    }

    /// Takes the result of a job; `result` is what was done with it, or what is wrong with it. A job that is not of the
    /// claim, or was handed in already, is stale.
    pub fn hand_in(
        &mut self,
        job: Option<pgrx::Uuid>,
        result: impl FnOnce(pgrx::Uuid) -> Result<std::result::Result<(), String>>,
    ) -> Result<&'static str> {
        let Some(job) = job.filter(|job| self.open.remove(job)) else {
            return Ok("stale");
        };
        match result(job)? {
            Ok(()) => {
                self.done.push(job);
                Ok("stored")
            }
            Err(problem) => {
                self.failed.entry(problem).or_default().push(job);
                Ok("invalid")
            }
        }
    }

    /// Ends the lease: what is done is completed, unusable results are failed attempts, and what was not handed in
    /// returns as if it had not been claimed.
    pub fn end(self) -> Result<()> {
        self.queue.finish(&self.done)?;
        for (problem, jobs) in &self.failed {
            let failure = Failure {
                error: problem,
                class: ErrorClass::Retryable,
                pause: None,
            };
            self.queue.fail(jobs, &failure)?;
        }
        self.queue
            .release(&self.open.into_iter().collect::<Vec<_>>())
    }
}

/// Gives a claim up, or only these of its jobs; how many.
pub fn give_up(
    queue: &Queue,
    token: pgrx::Uuid,
    jobs: Option<Vec<pgrx::Uuid>>,
    failure: &Failure,
) -> Result<i32> {
    let mut leased = queue.leased(token)?;
    if let Some(jobs) = jobs {
        leased.retain(|job| jobs.contains(job));
    }
    Ok(i32::try_from(queue.fail(&leased, failure)?).unwrap_or(i32::MAX))
}
