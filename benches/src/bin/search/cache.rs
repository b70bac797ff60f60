//! What the cache of search results is worth: questions of visitors, of which a few are asked over and over.

use std::time::{Duration, Instant};

use frontdesk_benches::milliseconds;
use postgres::Client;
use postgres_types::ToSql;
use uuid::Uuid;

use crate::Options;
use crate::measure::percentile;
use crate::tenants::{self, Question, Tenant};

/// Different questions of one tenant.
const QUESTIONS: usize = 1_000;
/// Questions that are asked.
const ASKED: usize = 3_000;

const GET: &str = "select g.cache_key, g.results is not null from frontdesk.cache_get($1::uuid::text, $2, 'hybrid', '{\"rows\": 10}') as g";
const SEARCH: &str = "select jsonb_agg(to_jsonb(s))::text from frontdesk.hybrid_search($1::uuid::text, $2, $3, 10) as s";
const PUT: &str =
    "select frontdesk.cache_put($1::uuid::text, $2, coalesce($3::text, '[]')::jsonb, 'hybrid')";

/// Places of questions whose frequency falls with their place (Zipf's law with exponent 1).
fn zipf(random: &mut fastrand::Rng) -> usize {
    let total: f64 = (1..=QUESTIONS).map(|place| 1.0 / place as f64).sum();
    let mut rest = random.f64() * total;
    (1..=QUESTIONS)
        .find(|place| {
            rest -= 1.0 / *place as f64;
            rest <= 0.0
        })
        .unwrap_or(QUESTIONS)
        - 1
}

pub fn cache(admin: &mut Client, options: &Options) {
    println!(
        "\nsearches through the cache: {ASKED} of {QUESTIONS} different questions, by Zipf's law\n"
    );
    println!(
        "| chunks  | hits   | hit p50 | hit p95 | miss p50 | miss p95 | search p50 | search p95 |"
    );
    println!(
        "|---------|-------:|--------:|--------:|---------:|---------:|-----------:|-----------:|"
    );
    for tenant in tenants::measured(&options.sizes) {
        let questions = tenants::questions(admin, &tenant);
        measure(&tenant, &questions);
    }
}

fn measure(tenant: &Tenant, questions: &[Question]) {
    let mut client = tenant.member();
    let (get, search, put) = (
        client.prepare(GET).expect("prepare"),
        client.prepare(SEARCH).expect("prepare"),
        client.prepare(PUT).expect("prepare"),
    );
    let id: Uuid = tenant.domain_id();
    let mut random = fastrand::Rng::with_seed(3);
    let (mut hits, mut misses, mut searches) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ASKED {
        let place = zipf(&mut random);
        let question = &questions[place % questions.len()];
        let text = format!("{} {}", question.text, place / questions.len());
        let started = Instant::now();
        let found = client.query_one(&get, &[&id, &text]).expect("look up");
        let (key, is_hit): (String, bool) = (found.get(0), found.get(1));
        if is_hit {
            hits.push(started.elapsed());
            continue;
        }
        let searching = Instant::now();
        let values: [&(dyn ToSql + Sync); 3] = [&id, &text, &question.vector];
        let results: Option<String> = client.query_one(&search, &values).expect("search").get(0);
        searches.push(searching.elapsed());
        client.execute(&put, &[&id, &key, &results]).expect("keep");
        misses.push(started.elapsed());
    }
    let columns = [hits.clone(), misses, searches].map(|mut times| {
        times.sort_unstable();
        times.push(times.last().copied().unwrap_or(Duration::ZERO));
        [0.5, 0.95].map(|part| milliseconds(percentile(&times, part)))
    });
    println!(
        "| {:>7} | {:>5.1}% | {:>7} | {:>7} | {:>8} | {:>8} | {:>10} | {:>10} |",
        tenant.size,
        100.0 * hits.len() as f64 / ASKED as f64,
        columns[0][0],
        columns[0][1],
        columns[1][0],
        columns[1][1],
        columns[2][0],
        columns[2][1],
    );
}
