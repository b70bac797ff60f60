//! What row level security costs a search for entities and for pages.

use std::time::{Duration, Instant};

use frontdesk_benches::{connect, milliseconds, run, step};
use postgres::Client;

use crate::measure::percentile;
use crate::tenants::{self, Question, Tenant};
use crate::{DATABASE, Options};

const CATALOG: &str = include_str!("../../../sql/search/catalog.sql");
const SEARCHES: [(&str, &str); 2] = [
    (
        "entities",
        "select s.entity_id from frontdesk.search_entities($1::uuid::text, $2) as s",
    ),
    (
        "pages",
        "select s.page_id from frontdesk.search_pages($1::uuid::text, $2) as s",
    ),
];

pub fn catalog(admin: &mut Client, options: &Options) {
    run(admin, "set statement_timeout = 0");
    step(admin, "entities", CATALOG);
    run(admin, "analyze entity_catalog");
    println!(
        "\nmilliseconds a search for entities and pages, as a superuser and as a member under row level security\n"
    );
    println!(
        "| chunks  | search   | p50 without | p95 without | p50 with | p95 with | ratio of p50 |"
    );
    println!(
        "|---------|----------|------------:|------------:|---------:|---------:|-------------:|"
    );
    for tenant in tenants::measured(&options.sizes) {
        let questions = tenants::questions(admin, &tenant);
        for (name, sql) in SEARCHES {
            let mut superuser = times(&mut connect(DATABASE), sql, &tenant, &questions);
            let mut member = times(&mut tenant.member(), sql, &tenant, &questions);
            let [without, with] = [&mut superuser, &mut member].map(|times| {
                times.sort_unstable();
                [0.5, 0.95].map(|part| percentile(times, part))
            });
            println!(
                "| {:>7} | {name:<8} | {:>11} | {:>11} | {:>8} | {:>8} | {:>12.2} |",
                tenant.size,
                milliseconds(without[0]),
                milliseconds(without[1]),
                milliseconds(with[0]),
                milliseconds(with[1]),
                with[0].as_secs_f64() / without[0].as_secs_f64(),
            );
        }
    }
}

/// Every question once to warm up, then measured.
fn times(client: &mut Client, sql: &str, tenant: &Tenant, questions: &[Question]) -> Vec<Duration> {
    let search = client.prepare(sql).expect("prepare");
    let mut ask = |question: &Question| {
        let started = Instant::now();
        client
            .query(&search, &[&tenant.domain_id(), &question.text])
            .expect("search");
        started.elapsed()
    };
    for question in questions {
        ask(question);
    }
    questions.iter().map(ask).collect()
}
