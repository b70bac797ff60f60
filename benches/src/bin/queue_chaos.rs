//! Workers that are killed at random moments while pages change: is every chunk embedded in the end, once, and with the
//! vector of the text it has now?
//!
//! `tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin queue_chaos -- --seconds 60`
//!
//! Workers are processes of this program, ended by SIGKILL. The vector of a text is made of its hash, so that a vector that
//! was made for another text can be told; every vector written is logged.

use std::env;
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use frontdesk_benches::{connect, run};
use postgres::Client;
use uuid::Uuid;

/// Kills workers of the embedding queue.
#[derive(Parser)]
struct Options {
    /// For how long.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Workers at a time.
    #[arg(long, default_value_t = 4)]
    workers: usize,
    /// Pages that are edited.
    #[arg(long, default_value_t = 300)]
    pages: u32,
    /// Repeats the order of edits and kills.
    #[arg(long, default_value_t = fastrand::u64(..))]
    seed: u64,
    /// Be a worker.
    #[arg(long, hide = true)]
    work: bool,
}

const DATABASE: &str = "bench_queue_chaos";
const DOMAIN: &str = "chaos.example";

fn main() -> ExitCode {
    let options = Options::parse();
    if options.work {
        work()
    }
    println!("seed {}", options.seed);
    fastrand::seed(options.seed);
    let mut client = create();
    let (kills, edits) = kill_and_edit(&options, &mut client);
    let dead = drain(&mut client);
    println!(
        "{kills} workers killed, {edits} edits, {dead} chunks became dead letters meanwhile and were requeued"
    );
    let mut is_right = true;
    for (what, sql) in [
        ("chunks", "select count(*) from page_embeddings"),
        ("vectors written", "select count(*) from stored"),
    ] {
        println!("{what}: {}", count(&mut client, sql));
    }
    for (what, sql) in [
        (
            "chunks lost",
            "select count(*) from page_embeddings where embedding is null",
        ),
        (
            "jobs not completed",
            "select count(*) from embedding_queue where status <> 'completed'",
        ),
        (
            "vectors of another text than the chunk's",
            "select count(*) from page_embeddings where embedding::text is distinct from vector_of(content_hash)::text",
        ),
        (
            "texts of a chunk stored twice",
            "select count(*) from (select from stored group by chunk_id, content_hash having count(*) > 1) as s",
        ),
    ] {
        let wrong = count(&mut client, sql);
        println!("{what}: {wrong}");
        is_right &= wrong == 0;
    }
    if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn count(client: &mut Client, sql: &str) -> i64 {
    client
        .query_one(sql, &[])
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

fn create() -> Client {
    let mut server = connect("postgres");
    run(
        &mut server,
        &format!("drop database if exists {DATABASE} with (force)"),
    );
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    run(
        &mut client,
        "create extension frontdesk cascade; select frontdesk.set_embedding_model('chaos', 8)",
    );
    run(
        &mut client,
        &format!(
            "insert into domains (domain) values ('{DOMAIN}'); insert into customer_configs (domain) values ('{DOMAIN}')"
        ),
    );
    run(&mut client, include_str!("../../sql/queues/chaos.sql"));
    client
}

fn kill_and_edit(options: &Options, client: &mut Client) -> (u32, u32) {
    let mut workers: Vec<Child> = (0..options.workers).map(|_| spawn()).collect();
    let (mut kills, mut edits) = (0, 0);
    let until = Instant::now() + Duration::from_secs(options.seconds);
    while Instant::now() < until {
        for _ in 0..fastrand::u32(1..20) {
            edit(client, fastrand::u32(0..options.pages));
            edits += 1;
        }
        thread::sleep(Duration::from_millis(fastrand::u64(0..100)));
        let victim = fastrand::usize(0..workers.len());
        kill(&mut workers[victim]);
        workers[victim] = spawn();
        kills += 1;
    }
    workers.iter_mut().for_each(kill);
    (kills, edits)
}

fn spawn() -> Child {
    let program = env::current_exe().expect("the path of this program");
    Command::new(program)
        .arg("--work")
        .spawn()
        .expect("start a worker")
}

/// `Child::kill` is SIGKILL.
fn kill(worker: &mut Child) {
    worker.kill().expect("kill a worker");
    worker.wait().expect("bury a worker");
}

fn edit(client: &mut Client, page: u32) {
    let url = format!("https://{DOMAIN}/{page}");
    let done = match fastrand::u32(0..20) {
        0 => client.execute("select frontdesk.remove_page($1, $2)", &[&DOMAIN, &url]),
        1 => client.execute(
            "select change_chunk($1, $2)",
            &[&url, &fastrand::u32(..).to_string()],
        ),
        _ => client.execute(
            "select frontdesk.ingest_page($1, $2, $3, 200, 0)",
            &[&DOMAIN, &url, &html()],
        ),
    };
    done.unwrap_or_else(|error| panic!("edit {url}: {error:?}"));
}

/// A page of one to ten sections of few texts, so that many stay the same from one version to the next.
fn html() -> String {
    let section = |_| {
        let number = fastrand::u32(0..50);
        format!(
            "<h2>Part {number}</h2><p>{}</p>",
            format!("Sentence {number}. ").repeat(10)
        )
    };
    (0..fastrand::u32(1..10)).map(section).collect()
}

/// Lets one worker finish the queue; how many chunks were dead letters.
fn drain(client: &mut Client) -> i64 {
    let dead = count(
        client,
        "select count(*) from frontdesk_internal.chunk_failures where is_dead",
    );
    run(client, "select frontdesk.requeue('embedding')");
    let until = Instant::now() + Duration::from_secs(60);
    let mut worker = spawn();
    while count(
        client,
        "select count(*) from embedding_queue where status <> 'completed'",
    ) > 0
        && Instant::now() < until
    {
        thread::sleep(Duration::from_millis(200));
    }
    kill(&mut worker);
    dead
}

/// Claims, computes and hands in until killed.
fn work() -> ! {
    let mut client = connect(DATABASE);
    run(&mut client, "set role service_role");
    loop {
        let batch = fastrand::i32(1..40);
        let jobs = client
            .query("select chunk_id, content_hash, lease_token from frontdesk.claim_embedding_jobs($1, '2 seconds')", &[&batch])
            .expect("claim");
        thread::sleep(Duration::from_millis(fastrand::u64(0..50)));
        let Some(first) = jobs.first() else { continue };
        let token: Uuid = first.get(2);
        let ids: Vec<Uuid> = jobs.iter().map(|job| job.get(0)).collect();
        let hashes: Vec<String> = jobs.iter().map(|job| job.get(1)).collect();
        let vectors: Vec<String> = hashes.iter().map(|hash| vector_of(hash)).collect();
        client
            .execute(
                "select frontdesk.complete_embedding_jobs($1, $2, $3, $4)",
                &[&token, &ids, &hashes, &vectors],
            )
            .expect("complete");
    }
}

/// As `vector_of` in chaos.sql: the first eight bytes of the hash, plus one.
fn vector_of(hash: &str) -> String {
    let bytes = (0..8).map(|index| {
        u8::from_str_radix(&hash[2 * index..2 * index + 2], 16).expect("a hash in hex")
    });
    let numbers: Vec<String> = bytes
        .map(|byte| (u32::from(byte) + 1).to_string())
        .collect();
    format!("[{}]", numbers.join(","))
}
