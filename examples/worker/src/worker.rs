//! The loop: claim a batch, compute on all cores, hand in, until the queue is empty or a signal comes.

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use postgres::Client;

use crate::connect::{connect, explain};
use crate::model::{self, Class, Failure, Model};
use crate::progress::Progress;
use crate::queue::{self, Job, Receipt};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long a stopping worker may sleep before it looks at the flag.
const TICK: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub struct Options {
    /// postgres://user@host/database; without it PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE say where
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Stop when no job is waiting, instead of waiting for more
    #[arg(long)]
    until_empty: bool,
    /// Jobs to claim at a time
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(i32).range(1..=1000))]
    batch: i32,
    /// How long a claimed job is ours; when we die, others get it after that
    #[arg(long, default_value = "5 minutes")]
    lease: String,
    /// Seconds to wait before looking again into an empty queue
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    poll: u64,
    /// Threads that compute [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// Works until stopped. With `--until-empty` the first error ends it; otherwise it connects again, and the leases
/// of a lost connection run out by themselves.
pub fn run(options: &Options, stop: &AtomicBool) -> Result<()> {
    let model = Model::load()?;
    eprintln!(
        "   model {}, {} dimensions",
        model::name(),
        model::dimensions()
    );
    let mut pause = Duration::from_secs(1);
    loop {
        match serve(options, &model, stop) {
            Ok(()) => return Ok(()),
            Err(error) if options.until_empty || !is_disconnect(error.as_ref()) => {
                return Err(error);
            }
            Err(error) => {
                let message = explain(error.as_ref());
                eprintln!("   {message}; connecting again in {} s", pause.as_secs());
            }
        }
        if wait(pause, stop) {
            return Ok(());
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn serve(options: &Options, model: &Model, stop: &AtomicBool) -> Result<()> {
    let mut client = connect(options.database_url.as_deref())?;
    let mut progress = Progress::new(queue::length(&mut client)?);
    while !stop.load(Ordering::Relaxed) {
        let jobs = queue::claim(&mut client, options.batch, &options.lease)?;
        if jobs.is_empty() {
            if options.until_empty || wait(Duration::from_secs(options.poll), stop) {
                break;
            }
            continue;
        }
        let receipt = work(&mut client, options, model, &jobs, stop)?;
        progress.update(receipt.stored, queue::length(&mut client)?.open);
    }
    progress.finish(queue::length(&mut client)?);
    Ok(())
}

/// Computes the vectors of a claim, lease by lease.
fn work(
    client: &mut Client,
    options: &Options,
    model: &Model,
    jobs: &[Job],
    stop: &AtomicBool,
) -> Result<Receipt> {
    let mut total = Receipt::default();
    for lease in jobs.chunk_by(|a, b| a.lease_token == b.lease_token) {
        let token = &lease[0].lease_token;
        let outcomes = embed_all(model, lease, threads(options), stop);
        let receipt = settle(client, token, lease, outcomes)?;
        total.stored += receipt.stored;
        total.stale += receipt.stale;
        total.invalid += receipt.invalid;
    }
    if total.invalid > 0 {
        return Err(format!(
            "the database refused {} vectors: select frontdesk.set_embedding_model('{}', {})",
            total.invalid,
            model::name(),
            model::dimensions()
        )
        .into());
    }
    Ok(total)
}

/// Hands in what was computed and gives back the rest of the lease.
fn settle(
    client: &mut Client,
    token: &str,
    lease: &[Job],
    outcomes: Vec<Option<std::result::Result<Vec<f32>, Failure>>>,
) -> Result<Receipt> {
    let (mut jobs, mut vectors, mut unfinished, mut failure) = (vec![], vec![], false, None);
    for (job, outcome) in lease.iter().zip(outcomes) {
        match outcome {
            Some(Ok(vector)) => {
                jobs.push(job);
                vectors.push(vector);
            }
            Some(Err(error)) => failure = Some(error),
            None => unfinished = true,
        }
    }
    let receipt = if jobs.is_empty() {
        Receipt::default()
    } else {
        queue::complete(client, token, &jobs, &vectors)?
    };
    // Jobs that were not even tried must not count as failed: others can take them at once.
    if unfinished {
        let class = Class::Retryable.name();
        queue::fail(client, token, "the worker was stopped", class, Some("0"))?;
    } else if let Some(error) = failure {
        queue::fail(client, token, &error.message, error.class.name(), None)?;
    }
    Ok(receipt)
}

/// One outcome for each job, in order; None where a signal came first.
fn embed_all(
    model: &Model,
    jobs: &[Job],
    threads: usize,
    stop: &AtomicBool,
) -> Vec<Option<std::result::Result<Vec<f32>, Failure>>> {
    let next = AtomicUsize::new(0);
    let compute = || {
        let mut done = vec![];
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { break };
            done.push((index, model.embed(&job.content)));
        }
        done
    };
    let mut outcomes: Vec<_> = jobs.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(compute)).collect();
        for (index, outcome) in workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
        {
            outcomes[index] = Some(outcome);
        }
    });
    outcomes
}

fn threads(options: &Options) -> usize {
    match options.threads {
        Some(threads) => threads.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    }
}

fn is_disconnect(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<postgres::Error>()
        .is_some_and(|error| error.as_db_error().is_none() || error.is_closed())
}

/// Sleeps; true when asked to stop meanwhile.
fn wait(duration: Duration, stop: &AtomicBool) -> bool {
    let mut left = duration;
    while !left.is_zero() && !stop.load(Ordering::Relaxed) {
        thread::sleep(left.min(TICK));
        left = left.saturating_sub(TICK);
    }
    stop.load(Ordering::Relaxed)
}
