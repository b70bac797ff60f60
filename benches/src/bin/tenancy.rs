//! What row level security costs: a tenant's rows under our policies beside the same query with a hand-written filter
//! and no row level security, beside the sample policy of the specification and beside a function called per row.
//!
//! `tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin tenancy -- --scale 0.01`
//!
//! Scale 1 takes a quarter of an hour to load, so that loading (`--load-only`) and measuring (`--measure-only`) can be done
//! apart, by two commands for one cluster.
//!
//! Scale 1 is 1,000,000 rows in page_embeddings and as many in messages, of 1,000 organizations of uneven size, in the
//! tables as installed with all indexes and triggers, vectors filled. Each figure is the median of alternating runs.

use std::time::{Duration, Instant};

use clap::Parser;
use frontdesk_benches::{connect, median, milliseconds, run, step};
use postgres::{Client, Statement};
use uuid::Uuid;

/// Measures tenancy.
#[derive(Parser)]
struct Options {
    /// 1 is a million rows in each of the two tables.
    #[arg(long, default_value_t = 0.01)]
    scale: f64,
    /// Dimensions of the vectors; those of a real model take hours to index at full scale on two cores.
    #[arg(long, default_value_t = 32)]
    dimensions: u32,
    /// Runs of each query, as many as go into four seconds. Short ones need many: how a session is placed on the processors
    /// shows in the median of a few.
    #[arg(long, default_value_t = 3001)]
    runs: usize,
    /// Prints the plans.
    #[arg(long)]
    plans: bool,
    /// Fills the database and leaves it.
    #[arg(long, conflicts_with = "measure_only")]
    load_only: bool,
    /// Measures what an earlier run has loaded.
    #[arg(long)]
    measure_only: bool,
}

const DATABASE: &str = "bench_tenancy";
const ORGANIZATIONS: u32 = 1000;
/// How long one query is repeated, and how long one of the other policies may take once.
const PATIENCE: Duration = Duration::from_secs(4);

/// The people whose queries are measured, and what they belong to: the first organizations are the largest.
const PEOPLE: [(&str, &str); 5] = [
    ("large tenant", "n = 1"),
    ("middling tenant", "n = 30"),
    ("small tenant", "n = 1000"),
    ("10 organizations", "n between 101 and 110"),
    ("100 organizations", "n between 201 and 300"),
];

/// A query, once under a policy and once with `{filter}` where the policy would stand.
struct Case {
    name: &'static str,
    sql: &'static str,
    filter: &'static str,
}

const CASES: [Case; 5] = [
    Case {
        name: "count chunks",
        sql: "select count(*) from page_embeddings as e where true {filter}",
        filter: "and e.domain_id = any ($1)",
    },
    Case {
        name: "list a page's chunks",
        sql: "select e.id, e.chunk_text from page_embeddings as e where e.page_id = (select p.id from bench.pages as p where p.person = '{person}') {filter} order by e.created_at, e.id",
        filter: "and e.domain_id = any ($1)",
    },
    Case {
        name: "count messages",
        sql: "select count(*) from messages as m where true {filter}",
        filter: "and m.domain_id = any ($1)",
    },
    Case {
        name: "newest conversations",
        sql: "select c.id, c.started_at from conversations as c where true {filter} order by c.started_at desc limit 20",
        filter: "and c.domain_id = any ($1)",
    },
    Case {
        name: "one conversation",
        sql: "select m.role, m.content from messages as m where m.conversation_id = (select c.id from bench.conversations as c where c.person = '{person}') {filter} order by m.ordinal",
        filter: "and m.domain_id = any ($1)",
    },
];

fn main() {
    let options = Options::parse();
    if !options.measure_only {
        load(&options);
    }
    if !options.load_only {
        print_table(&options);
    }
}

fn print_table(options: &Options) {
    let mut admin = connect(DATABASE);
    println!(
        "\nmedians in milliseconds; ratio = ours / hand-written filter without row level security\n"
    );
    println!(
        "| {:<18} | {:<21} | {:>7} | {:>9} | {:>9} | {:>5} | {:>13} | {:>12} |",
        "who", "query", "rows", "filter", "ours", "ratio", "sample policy", "per-row call"
    );
    println!("|{}|", ["-"; 8].map(|dash| dash.repeat(3)).join("|"));
    for (person, _) in PEOPLE {
        for case in &CASES {
            measure(&mut admin, person, case, options);
        }
    }
}

/// Makes and fills the database.
fn load(options: &Options) {
    let mut server = connect("postgres");
    run(
        &mut server,
        &format!("drop database if exists {DATABASE} with (force)"),
    );
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    run(
        &mut client,
        "set client_min_messages = warning; set maintenance_work_mem = '2GB'; set synchronous_commit = off",
    );
    step(
        &mut client,
        "installing",
        "create extension frontdesk cascade",
    );
    run(
        &mut client,
        &format!(
            "select frontdesk.set_embedding_model('bench', {})",
            options.dimensions
        ),
    );
    let rows = (1_000_000.0 * options.scale) as u64;
    let fill = include_str!("../../sql/tenancy_fill.sql")
        .replace("{organizations}", &ORGANIZATIONS.to_string())
        .replace("{rows}", &rows.to_string())
        .replace("{dimensions}", &options.dimensions.to_string());
    for part in fill.split("-- step: ").skip(1) {
        let (what, sql) = part
            .split_once('\n')
            .expect("a step has a name and statements");
        step(&mut client, what, sql);
    }
    for (place, (person, condition)) in PEOPLE.iter().enumerate() {
        let user = user_id(place);
        run(
            &mut client,
            &format!(
                "insert into organization_members (organization_id, user_id, role)
                 select o.id, '{user}', 'member' from bench.organizations as o where {condition};
                 insert into bench.pages select '{person}', min(p.id::text)::uuid from scraped_pages as p
                 join bench.organizations as o on o.domain_id = p.domain_id where {condition};
                 insert into bench.conversations select '{person}', min(c.id::text)::uuid from conversations as c
                 join bench.organizations as o on o.domain_id = c.domain_id where {condition};"
            ),
        );
    }
    step(&mut client, "vacuum", "vacuum (analyze)");
    // The other policies are put in place of ours; what ours are is noted before.
    run(&mut client, "call bench.use_policies('ours')");
}

fn user_id(place: usize) -> Uuid {
    Uuid::from_u128(0xb000_0000_0000_4000_8000_0000_0000_0000 + place as u128)
}

fn measure(admin: &mut Client, person: &str, case: &Case, options: &Options) {
    let place = PEOPLE
        .iter()
        .position(|(known, _)| *known == person)
        .unwrap_or_default();
    let table = if case.filter.contains("e.domain_id") {
        "config_id"
    } else {
        "domain_id"
    };
    let ids: Vec<Uuid> = admin
        .query_one(
            &format!(
                "select array_agg(o.{table}) from bench.organizations as o
                 join organization_members as m on m.organization_id = o.id where m.user_id = $1"
            ),
            &[&user_id(place)],
        )
        .expect("ids of the person's domains")
        .get(0);
    let sql = case.sql.replace("{person}", person);

    let mut plain = connect(DATABASE);
    let filtered = plain
        .prepare(&sql.replace("{filter}", case.filter))
        .expect("prepare");
    let mut member = signed_in(place);
    let bare = sql.replace("{filter}", "");
    let ours = member.prepare(&bare).expect("prepare");

    let rows = plain.query(&filtered, &[&ids]).expect("run").len();
    assert_eq!(
        rows,
        member.query(&ours, &[]).expect("run").len(),
        "both must find the same rows"
    );
    let mut filter_times = Vec::new();
    let mut our_times = Vec::new();
    let started = Instant::now();
    // In turns, so that whatever else the machine does meets both.
    while filter_times.len() < options.runs
        && (filter_times.len() < 3 || started.elapsed() < PATIENCE)
    {
        filter_times.push(timed(|| drop(plain.query(&filtered, &[&ids]))));
        our_times.push(timed(|| drop(member.query(&ours, &[]))));
    }
    if options.plans {
        println!("  {person}, {}: ours, and with the filter", case.name);
        print_plan(&mut member, &bare);
        let literal = format!("'{{{}}}'::uuid[]", listed(&ids));
        print_plan(
            &mut plain,
            &sql.replace("{filter}", case.filter).replace("$1", &literal),
        );
    }
    let (filter, our) = (median(filter_times), median(our_times));
    let sample = other_policy(admin, place, &bare, "sample");
    let per_row = other_policy(admin, place, &bare, "per_row");
    println!(
        "| {person:<18} | {:<21} | {rows:>7} | {:>9} | {:>9} | {:>5.2} | {:>13} | {:>12} |",
        case.name,
        milliseconds(filter),
        milliseconds(our),
        our.as_secs_f64() / filter.as_secs_f64(),
        sample,
        per_row
    );
}

fn listed(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    ids.join(",")
}

/// A session of one of the people.
fn signed_in(place: usize) -> Client {
    let mut client = connect(DATABASE);
    let claims = format!(
        "{{\"sub\": \"{}\", \"role\": \"authenticated\"}}",
        user_id(place)
    );
    client
        .execute(
            "select set_config('request.jwt.claims', $1, false)",
            &[&claims],
        )
        .expect("claims");
    run(&mut client, "set role authenticated");
    client
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn print_plan(client: &mut Client, sql: &str) {
    for row in client
        .query(
            &format!("explain (analyze, costs off, timing off, summary off) {sql}"),
            &[],
        )
        .expect("explain")
    {
        // A hundred ids in a condition are no news.
        let line: String = row.get::<_, String>(0).chars().take(160).collect();
        println!("    {line}");
    }
}

/// The same query while our policies on the two tables are replaced by others of the kind; then ours come back.
fn other_policy(admin: &mut Client, place: usize, sql: &str, kind: &str) -> String {
    run(admin, &format!("call bench.use_policies('{kind}')"));
    let mut member = signed_in(place);
    run(
        &mut member,
        &format!("set statement_timeout = {}", PATIENCE.as_millis()),
    );
    let time = measured(&mut member, sql);
    run(admin, "call bench.use_policies('ours')");
    time
}

fn measured(member: &mut Client, sql: &str) -> String {
    let statement: Statement = member.prepare(sql).expect("prepare");
    let mut times = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        if member.query(&statement, &[]).is_err() {
            return format!("> {}", PATIENCE.as_millis());
        }
        times.push(started.elapsed());
    }
    milliseconds(median(times))
}
