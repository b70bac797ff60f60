//! Fills a database.

use std::time::Instant;

use frontdesk_benches::{connect, run, step};
use postgres::Client;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres_types::{ToSql, Type};
use uuid::Uuid;

use crate::tenants::{self, Tenant};
use crate::vectors::{Source, Vector};
use crate::{DATABASE, Options, texts};

/// Pages whose text is extracted by one statement.
const PAGES_AT_ONCE: usize = 100;
/// Chunks of a page of the tenants'.
const CHUNKS_A_PAGE: usize = 10;
/// Chunks that are stored by one statement.
const ROWS_AT_ONCE: usize = 10_000;
/// Questions of each tenant that is measured.
const QUESTIONS: usize = 100;
/// So many of them are answered by comparing every vector; for the largest tenant that takes seconds each.
const JUDGED: usize = 30;

const PREPARE: &str = include_str!("../../../sql/search/prepare.sql");
const TEXTS: &str = include_str!("../../../sql/search/texts.sql");
const QUESTION: &str = include_str!("../../../sql/search/question.sql");
const INDEX: &str = include_str!("../../../sql/search/index.sql");

pub fn load(options: &Options) {
    let mut client = empty_database();
    step(
        &mut client,
        "installing",
        "create extension frontdesk cascade",
    );
    if options.dimensions != 1536 {
        run(
            &mut client,
            &format!(
                "select frontdesk.set_embedding_model('bench', {})",
                options.dimensions
            ),
        );
    }
    run(&mut client, PREPARE);
    let tenants = tenants::all(options.scale);
    let largest = tenants
        .iter()
        .map(|tenant| tenant.chunks)
        .max()
        .unwrap_or_default();
    load_texts(&mut client, options, largest);
    let mut source = Source::new(options.vectors.as_deref(), options.dimensions);
    run(&mut client, "drop index page_embeddings_embedding_hnsw_idx");
    let started = Instant::now();
    for tenant in &tenants {
        register(&mut client, tenant);
        load_tenant(&mut client, tenant, &mut source);
        if tenant.size >= 10_000 {
            eprintln!(
                "tenant of {}: loaded after {:.0} s",
                tenant.chunks,
                started.elapsed().as_secs_f64()
            );
        }
    }
    eprintln!("all tenants: {:.0} s", started.elapsed().as_secs_f64());
    step(&mut client, "vector index", INDEX);
    step(&mut client, "vacuum", "vacuum (analyze)");
    for tenant in tenants::measured(&[]) {
        ask(&mut client, &tenant, &mut source);
    }
    run(&mut client, "analyze bench.questions; checkpoint");
}

fn empty_database() -> Client {
    let mut server = connect("postgres");
    run(
        &mut server,
        &format!("drop database if exists {DATABASE} with (force)"),
    );
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    run(
        &mut client,
        "set client_min_messages = warning; set maintenance_work_mem = '3GB'; set synchronous_commit = off;
         set work_mem = '64MB'; set statement_timeout = 0",
    );
    client
}

/// Cuts pages into chunks until there are enough for the largest tenant.
fn load_texts(client: &mut Client, options: &Options, wanted: usize) {
    let started = Instant::now();
    let mut pages: Box<dyn Iterator<Item = String>> = match &options.texts {
        Some(folder) => Box::new(texts::pages(folder)),
        None => Box::new(texts::made_up()),
    };
    let mut count = 0;
    while count < wanted {
        let some: Vec<String> = pages.by_ref().take(PAGES_AT_ONCE).collect();
        assert!(
            !some.is_empty(),
            "only {count} of {wanted} chunks of text in the pages"
        );
        let row = client
            .query_one(TEXTS, &[&some])
            .expect("cut pages into chunks");
        count = usize::try_from(row.get::<_, i64>(0)).expect("a count");
    }
    run(client, "analyze bench.texts");
    eprintln!("{count} texts: {:.1} s", started.elapsed().as_secs_f64());
}

fn register(client: &mut Client, tenant: &Tenant) {
    run(
        client,
        &format!(
            "insert into organizations (id, name, slug) values ('{organization}', 'Tenant {n}', 'tenant-{n}');
             insert into organization_members (organization_id, user_id, role) values
                ('{organization}', gen_random_uuid(), 'owner'), ('{organization}', '{user}', 'member');
             insert into customer_configs (id, domain, organization_id) values ('{config}', '{domain}', '{organization}');
             insert into domains (id, domain, organization_id) values ('{domain_id}', '{domain}', '{organization}')",
            organization = tenant.organization_id(),
            user = tenant.user_id(),
            config = tenant.config_id(),
            domain_id = tenant.domain_id(),
            domain = tenant.domain(),
            n = tenant.number,
        ),
    );
}

/// Stores a tenant's pages, and their chunks with vectors.
fn load_tenant(client: &mut Client, tenant: &Tenant, source: &mut Source) {
    let start = i64::from(tenant.number) * 104_729;
    for first in (0..tenant.chunks).step_by(ROWS_AT_ONCE) {
        let count = ROWS_AT_ONCE.min(tenant.chunks - first);
        let pages = store_pages(
            client,
            tenant,
            first / CHUNKS_A_PAGE,
            count.div_ceil(CHUNKS_A_PAGE),
        );
        let texts = client
            .query(
                "select t.chunk from generate_series($1::bigint, $1 + $2 - 1) as i
                 join bench.texts as t on t.n = i % (select max(n) + 1 from bench.texts) order by i",
                &[&(start + first as i64), &(count as i64)],
            )
            .expect("read texts");
        let vector_type = client
            .prepare("select null::vector")
            .expect("prepare")
            .columns()[0]
            .type_()
            .clone();
        let types = [Type::UUID, Type::TEXT, vector_type];
        let copy = client
            .copy_in(
                "copy page_embeddings (page_id, chunk_text, embedding) from stdin (format binary)",
            )
            .expect("copy");
        let mut writer = BinaryCopyInWriter::new(copy, &types);
        for (place, row) in texts.iter().enumerate() {
            let (page, text, vector) = (
                pages[place / CHUNKS_A_PAGE],
                row.get::<_, &str>(0),
                source.document(),
            );
            let values: [&(dyn ToSql + Sync); 3] = [&page, &text, &vector];
            writer.write(&values).expect("copy a row");
        }
        writer.finish().expect("copy");
    }
}

fn store_pages(client: &mut Client, tenant: &Tenant, first: usize, count: usize) -> Vec<Uuid> {
    let rows = client
        .query(
            "insert into scraped_pages (domain_id, url, title, content, status)
             select $1, 'https://' || $2 || '/' || i, 'Page ' || i, 'Page ' || i, 'completed'
             from generate_series($3::bigint, $3 + $4 - 1) as i returning id",
            &[
                &tenant.domain_id(),
                &tenant.domain(),
                &(first as i64),
                &(count as i64),
            ],
        )
        .expect("store pages");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Stores questions of a tenant: words in a row from its chunks, and vectors of real questions.
fn ask(client: &mut Client, tenant: &Tenant, source: &mut Source) {
    let started = Instant::now();
    let vectors: Vec<Vector> = (0..QUESTIONS).map(|_| source.question()).collect();
    for (n, vector) in vectors.iter().enumerate() {
        let values: [&(dyn ToSql + Sync); 5] = [
            &tenant.number,
            &(n as i32),
            &tenant.config_id(),
            vector,
            &(n < JUDGED),
        ];
        client.execute(QUESTION, &values).expect("store a question");
    }
    eprintln!(
        "questions of tenant of {}: {:.0} s",
        tenant.size,
        started.elapsed().as_secs_f64()
    );
}
