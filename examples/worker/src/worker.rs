//! The loop: claim a batch, compute on all cores, hand in, until the queue is empty or a signal comes.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use postgres::Client;

use crate::connect::{connect, explain};
use crate::endpoint::Endpoint;
use crate::model::{self, Class, Failure, Model};
use crate::progress::Progress;
use crate::queue::{self, Job, Receipt};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// None: a signal came before the job's turn.
type Outcome = Option<std::result::Result<Vec<f32>, Failure>>;

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
    /// Stop after this many seconds, wherever the queue is then
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    max_seconds: Option<u64>,
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
    /// Ask a provider instead of the built-in model: what comes before /embeddings, as in https://api.openai.com/v1.
    /// Its key is taken from OPENAI_API_KEY
    #[arg(long, requires_all = ["model", "dimensions"])]
    endpoint: Option<String>,
    /// The provider's name of the model
    #[arg(long)]
    model: Option<String>,
    /// The length of its vectors
    #[arg(long)]
    dimensions: Option<usize>,
    /// Seconds after which an answer is not waited for any longer
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// Where vectors come from.
enum Source {
    BuiltIn(Box<Model>),
    Endpoint(Endpoint),
}

impl Source {
    fn of(options: &Options) -> Result<Self> {
        let (Some(base), Some(model), Some(dimensions)) =
            (&options.endpoint, &options.model, options.dimensions)
        else {
            return Ok(Self::BuiltIn(Box::new(Model::load()?)));
        };
        let key = std::env::var("OPENAI_API_KEY").ok();
        let timeout = Duration::from_secs(options.timeout);
        Ok(Self::Endpoint(Endpoint::new(
            base, key, model, dimensions, timeout,
        )))
    }

    /// Name and dimensions.
    fn describe(&self) -> (String, usize) {
        match self {
            Self::BuiltIn(_) => (model::name(), model::dimensions()),
            Self::Endpoint(endpoint) => (endpoint.model.clone(), endpoint.dimensions),
        }
    }
}

/// Works until stopped. With `--until-empty` the first error ends it; otherwise it connects again, and the leases
/// of a lost connection run out by themselves.
pub fn run(options: &Options, stop: &AtomicBool) -> Result<()> {
    let model = Source::of(options)?;
    let (name, dimensions) = model.describe();
    eprintln!("   model {name}, {dimensions} dimensions");
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

fn serve(options: &Options, model: &Source, stop: &AtomicBool) -> Result<()> {
    let mut client = connect(options.database_url.as_deref())?;
    let mut progress = Progress::new(queue::length(&mut client)?);
    let limit = options.max_seconds.map(Duration::from_secs);
    let started = Instant::now();
    while !stop.load(Ordering::Relaxed) && limit.is_none_or(|limit| started.elapsed() < limit) {
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

/// Computes the vectors of a claim and settles it. All jobs of a claim have one lease.
fn work(
    client: &mut Client,
    options: &Options,
    model: &Source,
    jobs: &[Job],
    stop: &AtomicBool,
) -> Result<Receipt> {
    let outcomes = match model {
        Source::BuiltIn(model) => embed_all(model, jobs, threads(options), stop),
        Source::Endpoint(endpoint) => {
            let texts: Vec<&str> = jobs.iter().map(|job| job.content.as_str()).collect();
            endpoint.embed(&texts).into_iter().map(Some).collect()
        }
    };
    let receipt = settle(client, jobs, &outcomes)?;
    if receipt.invalid > 0 {
        let (name, dimensions) = model.describe();
        return Err(format!(
            "the database expects the vectors of another model: select frontdesk.set_embedding_model('{name}', {dimensions})"
        )
        .into());
    }
    Ok(receipt)
}

/// Gives up what failed, each kind of failure with one call, and hands in the vectors, which ends the lease: what a signal
/// left undone goes back to the queue.
fn settle(client: &mut Client, jobs: &[Job], outcomes: &[Outcome]) -> Result<Receipt> {
    let token = &jobs[0].lease_token;
    let mut failures: HashMap<(Class, &str, Option<Duration>), Vec<&str>> = HashMap::new();
    for (job, outcome) in jobs.iter().zip(outcomes) {
        if let Some(Err(failure)) = outcome {
            let kind = (failure.class, failure.message.as_str(), failure.retry_after);
            failures.entry(kind).or_default().push(&job.chunk_id);
        }
    }
    for ((class, message, retry_after), chunks) in &failures {
        let pause = retry_after.map(|pause| format!("{} seconds", pause.as_secs_f64()));
        queue::fail(
            client,
            token,
            message,
            *class,
            pause.as_deref(),
            Some(chunks),
        )?;
    }
    let vectors = jobs
        .iter()
        .zip(outcomes)
        .filter_map(|(job, outcome)| match outcome {
            Some(Ok(vector)) => Some((job, vector)),
            _ => None,
        });
    Ok(queue::complete(client, token, vectors)?)
}

/// One outcome for each job, in order.
fn embed_all(model: &Model, jobs: &[Job], threads: usize, stop: &AtomicBool) -> Vec<Outcome> {
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
