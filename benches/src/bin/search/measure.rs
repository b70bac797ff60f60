//! Latencies.

use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, thread};

use frontdesk_benches::{connect, milliseconds};
use postgres::Client;

use crate::cases::{CASES, Case, ROWS, named};
use crate::tenants::{self, Question, Tenant};
use crate::{DATABASE, Options};

/// A case that takes longer than this is stopped after three questions.
const PATIENCE: Duration = Duration::from_secs(8);

/// The part of times below which `part` of them lie.
pub fn percentile(sorted: &[Duration], part: f64) -> Duration {
    sorted[((sorted.len() as f64 * part).ceil() as usize).clamp(1, sorted.len()) - 1]
}

/// Every case at every size of tenant.
pub fn latencies(admin: &mut Client, options: &Options) {
    println!(
        "\nmilliseconds a search, {ROWS} rows asked for, warm; rows: found, of those asked for; recall@{ROWS}: of the nearest by vector\n"
    );
    println!(
        "| chunks  | case              | searches | p50     | p95     | p99     | rows  | recall |"
    );
    println!(
        "|---------|-------------------|---------:|--------:|--------:|--------:|------:|-------:|"
    );
    for tenant in tenants::measured(&options.sizes) {
        let questions = tenants::questions(admin, &tenant);
        let chunks: i64 = admin
            .query_one(
                "select count(*) from page_embeddings where domain_id = $1",
                &[&tenant.config_id()],
            )
            .expect("count")
            .get(0);
        let wanted = |case: &&Case| {
            options.cases.is_empty()
                || options
                    .cases
                    .iter()
                    .any(|part| case.name.contains(part.as_str()))
        };
        for case in CASES.iter().filter(wanted) {
            measure(&tenant, chunks, case, &questions);
        }
    }
}

fn measure(tenant: &Tenant, chunks: i64, case: &Case, questions: &[Question]) {
    let mut prepared = case.prepare(tenant);
    let started = Instant::now();
    // The first time for the cache and the plans, the second for the figures.
    let is_slow = |done: usize| done >= 3 && started.elapsed() > PATIENCE;
    for (done, question) in questions.iter().enumerate() {
        if is_slow(done) {
            break;
        }
        prepared.search(question);
    }
    let started = Instant::now();
    let mut times = Vec::new();
    let (mut found, mut asked, mut near, mut judged) = (0, 0, 0, 0);
    for question in questions {
        if times.len() >= 3 && started.elapsed() > PATIENCE {
            break;
        }
        let (time, rows) = prepared.search(question);
        times.push(time);
        found += rows.len();
        asked += (ROWS as usize).min(usize::try_from(chunks).unwrap_or_default());
        judged += question.nearest.len();
        near += question
            .nearest
            .iter()
            .filter(|id| rows.contains(id))
            .count();
    }
    times.sort_unstable();
    let recall = if case.is_by_vector && judged > 0 {
        format!("{:.3}", near as f64 / judged as f64)
    } else {
        String::new()
    };
    println!(
        "| {chunks:>7} | {:<17} | {:>8} | {:>7} | {:>7} | {:>7} | {:>4.0}% | {recall:>6} |",
        case.name,
        times.len(),
        milliseconds(percentile(&times, 0.5)),
        milliseconds(percentile(&times, 0.95)),
        milliseconds(percentile(&times, 0.99)),
        100.0 * found as f64 / asked as f64,
    );
}

/// The times of a case, warm, in order.
pub fn times(tenant: &Tenant, case: &Case, questions: &[Question]) -> Vec<Duration> {
    let mut prepared = case.prepare(tenant);
    for question in questions {
        prepared.search(question);
    }
    let mut times: Vec<_> = questions
        .iter()
        .map(|question| prepared.search(question).0)
        .collect();
    times.sort_unstable();
    times
}

/// The first search of a connection, and the first of a server that was just started.
pub fn cold(admin: &mut Client, options: &Options) {
    let (case, recipe) = (named("hybrid, 5 words"), named("recipe, AND"));
    println!("\nmilliseconds of a first search\n");
    println!("| chunks  | case              | new connection | new server |");
    println!("|---------|-------------------|---------------:|-----------:|");
    let tenants = tenants::measured(&options.sizes);
    let asked: Vec<_> = tenants
        .iter()
        .map(|tenant| tenants::questions(admin, tenant))
        .collect();
    for (tenant, questions) in tenants.iter().zip(&asked) {
        for case in [case, recipe] {
            let connection = median_first(tenant, case, questions);
            restart();
            let server = first(tenant, case, &questions[1]);
            println!(
                "| {:>7} | {:<17} | {:>14} | {:>10} |",
                tenant.size,
                case.name,
                milliseconds(connection),
                milliseconds(server)
            );
        }
    }
}

fn first(tenant: &Tenant, case: &Case, question: &Question) -> Duration {
    case.prepare(tenant).search(question).0
}

fn median_first(tenant: &Tenant, case: &Case, questions: &[Question]) -> Duration {
    frontdesk_benches::median(
        questions
            .iter()
            .take(5)
            .map(|question| first(tenant, case, question))
            .collect(),
    )
}

/// Starts the server anew: its buffers are empty, those of the operating system are not.
fn restart() {
    let variable = |name| env::var(name).expect("run the bench through tools/with-cluster");
    let data: String = connect(DATABASE)
        .query_one("show data_directory", &[])
        .expect("where the data is")
        .get(0);
    let restart = format!(
        "{}/pg_ctl restart -s -w -m fast -D {data} -l {data}/restart.log",
        variable("FRONTDESK_PG_BIN")
    );
    let status = Command::new("runuser")
        .args([
            "-u",
            &variable("FRONTDESK_RUN_AS"),
            "--",
            "bash",
            "-c",
            &restart,
        ])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "the server did not start again"
    );
    thread::sleep(Duration::from_millis(500));
}
