//! Searches before and after many writes that nobody cleaned up after.

use frontdesk_benches::run;
use postgres::Client;

use crate::Options;
use crate::cases::CASES;
use crate::measure::times;
use crate::tenants;

/// Chunks that one transaction writes.
const AT_ONCE: u64 = 500;

/// Rewrites `--writes` chunks without any vacuum or maintenance; prints p95 before and after.
pub fn writes(admin: &mut Client, options: &Options) {
    run(
        admin,
        "alter table page_embeddings set (autovacuum_enabled = off);
         alter table frontdesk_internal.chunk_vectors set (autovacuum_enabled = off);
         select set_config('synchronous_commit', 'off', false)",
    );
    let tenants = tenants::measured(&options.sizes);
    let before: Vec<_> = tenants.iter().map(|tenant| p95(admin, tenant)).collect();
    let sizes: Vec<String> = tenants
        .iter()
        .map(|tenant| format!("'{}'", tenant.config_id()))
        .collect();
    for round in 0..options.writes.div_ceil(AT_ONCE) {
        // The same vectors again: what is found stays the same.
        run(
            admin,
            &format!(
                "update page_embeddings set embedding = embedding, chunk_text = chunk_text || ' ', metadata = '{{\"round\": {round}}}'
                 where id in (select id from page_embeddings where domain_id in ({}) order by md5(id::text || '{round}') limit {AT_ONCE})",
                sizes.join(", ")
            ),
        );
    }
    println!(
        "\np95 in milliseconds of a hybrid search before and after {} writes without vacuum and maintenance\n",
        options.writes
    );
    println!("| chunks  | before  | after   | ratio |");
    println!("|---------|--------:|--------:|------:|");
    for (tenant, before) in tenants.iter().zip(before) {
        let after = p95(admin, tenant);
        println!(
            "| {:>7} | {before:>7.2} | {after:>7.2} | {:>5.2} |",
            tenant.size,
            after / before
        );
    }
}

fn p95(admin: &mut Client, tenant: &tenants::Tenant) -> f64 {
    let questions = tenants::questions(admin, tenant);
    let times = times(tenant, &CASES[0], &questions);
    crate::measure::percentile(&times, 0.95).as_secs_f64() * 1000.0
}
