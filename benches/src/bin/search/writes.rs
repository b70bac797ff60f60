//! Searches before and after many writes that nobody cleaned up after.

use std::thread;
use std::time::{Duration, Instant};

use frontdesk_benches::run;
use postgres::Client;

use crate::Options;
use crate::cases::named;
use crate::measure::times;
use crate::tenants;

/// Chunks that are written together.
const AT_ONCE: u64 = 500;

/// How long autovacuum is waited for.
const LONGEST_VACUUM: Duration = Duration::from_secs(900);

/// Makes `--writes` writes without maintenance: each chunk is changed and loses its vector, and then gets one, as when a page is
/// fetched anew. Prints p95 before, right after, while autovacuum takes its part of the machine, and once it does no more.
pub fn writes(admin: &mut Client, options: &Options) {
    if options.no_vacuum {
        run(
            admin,
            "alter table page_embeddings set (autovacuum_enabled = off);
             alter table frontdesk_internal.chunk_vectors set (autovacuum_enabled = off)",
        );
    }
    run(
        admin,
        "select set_config('synchronous_commit', 'off', false)",
    );
    let tenants = tenants::measured(&options.sizes);
    let before: Vec<_> = tenants.iter().map(|tenant| p95(admin, tenant)).collect();
    let sizes: Vec<String> = tenants
        .iter()
        .map(|tenant| format!("'{}'", tenant.config_id()))
        .collect();
    let tenants_of = sizes.join(", ");
    for round in 0..options.writes.div_ceil(2 * AT_ONCE) {
        // The same vectors again: what is found stays the same.
        run(
            admin,
            &format!(
                "create temporary table written as
                 select id, embedding from page_embeddings where domain_id in ({tenants_of})
                 order by md5(id::text || '{round}') limit {AT_ONCE};
                 update page_embeddings as e set embedding = null, chunk_text = chunk_text || ' ', metadata = '{{\"round\": {round}}}'
                 from written as w where e.id = w.id;
                 update page_embeddings as e set embedding = w.embedding from written as w where e.id = w.id;
                 drop table written"
            ),
        );
    }
    let after: Vec<_> = tenants.iter().map(|tenant| p95(admin, tenant)).collect();
    wait_for_autovacuum(admin);
    let at_rest: Vec<_> = tenants.iter().map(|tenant| p95(admin, tenant)).collect();
    println!(
        "\np95 in milliseconds of a hybrid search before {} writes without maintenance, right after them, and once autovacuum rests\n",
        options.writes
    );
    println!("| chunks  | before  | after   | ratio | at rest | ratio |");
    println!("|---------|--------:|--------:|------:|--------:|------:|");
    for (place, tenant) in tenants.iter().enumerate() {
        let (before, after, at_rest) = (before[place], after[place], at_rest[place]);
        println!(
            "| {:>7} | {before:>7.2} | {after:>7.2} | {:>5.2} | {at_rest:>7.2} | {:>5.2} |",
            tenant.size,
            after / before,
            at_rest / before
        );
    }
}

/// Waits until no table is being vacuumed any more.
fn wait_for_autovacuum(admin: &mut Client) {
    let started = Instant::now();
    let mut quiet = 0;
    // A worker that has ended may have been the first of several.
    while quiet < 3 && started.elapsed() < LONGEST_VACUUM {
        thread::sleep(Duration::from_secs(5));
        let is_at_work: bool = admin
            .query_one("select exists (select from pg_stat_activity where backend_type = 'autovacuum worker')", &[])
            .expect("who is at work")
            .get(0);
        quiet = if is_at_work { 0 } else { quiet + 1 };
    }
}

fn p95(admin: &mut Client, tenant: &tenants::Tenant) -> f64 {
    let questions = tenants::questions(admin, tenant);
    let times = times(tenant, named("hybrid, 5 words"), &questions);
    crate::measure::percentile(&times, 0.95).as_secs_f64() * 1000.0
}
