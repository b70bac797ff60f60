//! How fast chunks are claimed, alone and beside a transaction that holds an old snapshot, and a plain loop over one row
//! per job with FOR UPDATE SKIP LOCKED under the same load.
//!
//! `tools/install-extension --release 15 && tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin queues`
//!
//! A round claims a batch and gives it back untried, so that the queue never runs dry: two updates of each job. For the
//! plain loop a job is a chunk. Rates are claimed chunks per second over all clients, counted at the client, texts included.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use frontdesk_benches::{connect, run, step};
use postgres::Client;

/// Measures the embedding queue.
#[derive(Parser)]
struct Options {
    /// Pages in the queue.
    #[arg(long, default_value_t = 100_000)]
    pages: u32,
    /// Chunks of each page.
    #[arg(long, default_value_t = 8)]
    chunks: u32,
    /// Chunks per claim.
    #[arg(long, default_value_t = 256)]
    batch: i32,
    /// Sessions that claim at once.
    #[arg(long, default_value_t = 2)]
    clients: usize,
    /// Length of each measurement in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How long the queue works beside the old snapshot before it is measured again; 10 in the reports.
    #[arg(long, default_value_t = 0.5)]
    minutes: f64,
    /// The same for the plain loop.
    #[arg(long, default_value_t = 0.5)]
    plain_minutes: f64,
}

const DATABASE: &str = "bench_queues";

/// One round of a client: claims and gives back; how many chunks.
type Round = fn(&mut Client, i32) -> usize;

fn main() {
    let options = Options::parse();
    create(&options);
    let [queue, plain]: [(&str, Round); 2] = [
        ("claim_embedding_jobs", queue_round),
        ("plain SKIP LOCKED", plain_round),
    ];
    println!(
        "{} pages of {} chunks, batches of {}, {} clients",
        options.pages, options.chunks, options.batch, options.clients
    );
    for ((name, round), minutes) in [(queue, options.minutes), (plain, options.plain_minutes)] {
        let seconds = Duration::from_secs(options.seconds);
        rate(&options, round, Duration::from_secs(2));
        let free = rate(&options, round, seconds);
        println!("{name:<22} free                      {free:>9.0} chunks/s");
        let mut holder = connect(DATABASE);
        run(
            &mut holder,
            "begin isolation level repeatable read; select pg_current_xact_id()",
        );
        let mut client = connect(DATABASE);
        let until = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
        while Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            let now = rate(&options, round, left.min(Duration::from_secs(60)));
            println!(
                "{name:<22} beside an old snapshot    {now:>9.0} chunks/s, {} dead rows",
                dead_rows(&mut client)
            );
        }
        let held = rate(&options, round, seconds);
        println!(
            "{name:<22} after {minutes} minutes of that {held:>9.0} chunks/s, {:.0} % of the free rate",
            held / free * 100.0
        );
        run(&mut holder, "rollback");
        run(&mut client, "vacuum embedding_queue, plain_jobs");
    }
}

fn create(options: &Options) {
    let mut server = connect("postgres");
    run(
        &mut server,
        &format!("drop database if exists {DATABASE} with (force)"),
    );
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    step(&mut client, "install", "create extension frontdesk cascade");
    let fill = include_str!("../../sql/queues/fill.sql")
        .replace("{pages}", &options.pages.to_string())
        .replace("{chunks}", &options.chunks.to_string());
    step(&mut client, "fill", &fill);
    step(&mut client, "vacuum", "vacuum analyze");
}

/// Claimed chunks per second of all clients together.
fn rate(options: &Options, round: Round, duration: Duration) -> f64 {
    let (stop, claimed) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut sessions: Vec<Client> = (0..options.clients).map(|_| session()).collect();
    let started = Instant::now();
    thread::scope(|scope| {
        for client in &mut sessions {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let chunks = round(client, options.batch);
                    claimed.fetch_add(chunks as u64, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(duration);
        stop.store(true, Ordering::Relaxed);
    });
    claimed.into_inner() as f64 / started.elapsed().as_secs_f64()
}

fn session() -> Client {
    let mut client = connect(DATABASE);
    run(&mut client, "set synchronous_commit = on");
    client
}

fn queue_round(client: &mut Client, batch: i32) -> usize {
    let chunks = client
        .query("select lease_token, chunk_id, content, content_hash from frontdesk.claim_embedding_jobs($1)", &[&batch])
        .expect("claim");
    let Some(first) = chunks.first() else {
        return 0;
    };
    let token: uuid::Uuid = first.get(0);
    client
        .execute(
            "select frontdesk.complete_embedding_jobs($1, '{}', '{}', '{}')",
            &[&token],
        )
        .expect("give back");
    chunks.len()
}

fn plain_round(client: &mut Client, batch: i32) -> usize {
    let batch = i64::from(batch);
    let jobs = client
        .query(
            "update plain_jobs as p set status = 'processing'
             from (select id from plain_jobs where status = 'pending' order by queued_at limit $1 for update skip locked) as j
             where p.id = j.id returning p.id, p.content",
            &[&batch],
        )
        .expect("claim");
    let ids: Vec<i64> = jobs.iter().map(|job| job.get(0)).collect();
    client
        .execute("update plain_jobs set status = 'pending', queued_at = clock_timestamp() where id = any ($1)", &[&ids])
        .expect("give back");
    jobs.len()
}

/// Dead rows of the two queues, as the server's statistics have them.
fn dead_rows(client: &mut Client) -> i64 {
    let sql = "select sum(n_dead_tup)::bigint from pg_stat_user_tables where relname in ('embedding_queue', 'plain_jobs')";
    client.query_one(sql, &[]).expect("statistics").get(0)
}
