//! Many clients at once.

use std::thread;
use std::time::{Duration, Instant};

use frontdesk_benches::milliseconds;
use postgres::Client;

use crate::Options;
use crate::cases::{Case, named};
use crate::measure::percentile;
use crate::tenants;

const CLIENTS: [usize; 3] = [1, 4, 16];
const DURATION: Duration = Duration::from_secs(6);

/// Queries per second, the tenants in turn.
pub fn throughput(admin: &mut Client, options: &Options) {
    let tenants = tenants::measured(&options.sizes);
    let asked: Vec<_> = tenants
        .iter()
        .map(|tenant| tenants::questions(admin, tenant))
        .collect();
    println!("\nqueries a second, the tenants of all sizes in turn\n");
    println!("| case              | clients | queries/s | p50 ms  | p95 ms  | p99 ms  |");
    println!("|-------------------|--------:|----------:|--------:|--------:|--------:|");
    for case in [named("hybrid, 5 words"), named("recipe, AND")] {
        for clients in CLIENTS {
            let times = run_clients(case, clients, &tenants, &asked);
            println!(
                "| {:<17} | {clients:>7} | {:>9.1} | {:>7} | {:>7} | {:>7} |",
                case.name,
                times.len() as f64 / DURATION.as_secs_f64(),
                milliseconds(percentile(&times, 0.5)),
                milliseconds(percentile(&times, 0.95)),
                milliseconds(percentile(&times, 0.99)),
            );
        }
    }
}

fn run_clients(
    case: &Case,
    clients: usize,
    tenants: &[tenants::Tenant],
    asked: &[Vec<tenants::Question>],
) -> Vec<Duration> {
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let running: Vec<_> = (0..clients)
            .map(|number| {
                scope.spawn(move || {
                    let mut sessions: Vec<_> =
                        tenants.iter().map(|tenant| case.prepare(tenant)).collect();
                    // Plans and buffers first.
                    sessions
                        .iter_mut()
                        .zip(asked)
                        .for_each(|(session, questions)| drop(session.search(&questions[0])));
                    let started = Instant::now();
                    let mut times = Vec::new();
                    for turn in number.. {
                        if started.elapsed() > DURATION {
                            break;
                        }
                        let place = turn % sessions.len();
                        let questions = &asked[place];
                        let question = &questions[turn / tenants.len() % questions.len()];
                        times.push(sessions[place].search(question).0);
                    }
                    times
                })
            })
            .collect();
        running
            .into_iter()
            .flat_map(|client| client.join().expect("a client"))
            .collect()
    });
    times.sort_unstable();
    times
}
