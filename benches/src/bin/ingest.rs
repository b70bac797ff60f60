//! What it costs to ingest pages, and what a second crawl embeds again.
//!
//! ```text
//! tools/install-extension --release 15
//! tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin ingest -- --pages DIR
//! ```
//!
//! DIR holds HTML pages, such as those of Debian's postgresql-doc-15. Bulk ingest stands beside a plain INSERT of the very
//! rows that it wrote, into the same tables with all their indexes and triggers, a page a transaction, read from a table in
//! the server. Then one in twenty paragraphs changes. What has to be embedded again is known without the second crawl: the
//! changed pages are also ingested into an empty domain, and every chunk there that is not among the old ones is new.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;
use std::{fs, process};

use clap::Parser;
use frontdesk_benches::{connect, run, step};
use postgres::Client;

/// Measures ingest.
#[derive(Parser)]
struct Options {
    /// Folder of HTML pages.
    #[arg(long)]
    pages: PathBuf,
    /// Scale 1 is 1,000 pages.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Clients that ingest at once.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Shows where the time of the triggers goes.
    #[arg(long)]
    triggers: bool,
}

const DATABASE: &str = "bench_ingest";
const PAGES_AT_SCALE_1: f64 = 1000.0;
/// One paragraph of so many changes.
const CHANGED: usize = 20;

fn main() {
    let options = Options::parse();
    let pages = read_pages(&options);
    let mut client = set_up();
    if options.triggers {
        run(
            &mut client,
            &format!("alter database {DATABASE} set track_functions = 'all'"),
        );
        client = connect(DATABASE);
    }
    println!(
        "{} pages, {:.1} MB of HTML",
        pages.len(),
        pages.iter().map(String::len).sum::<usize>() as f64 / 1e6
    );

    let pure = rate(pages.len(), || extract_all(&mut client, &pages));
    println!("extract_html and chunk_text alone   {pure:8.0} pages/s");
    let bulk = rate(pages.len(), || {
        ingest_all(&mut client, "old.example", &pages)
    });
    let chunks = count(&mut client, "select count(*) from page_embeddings");
    println!("bulk ingest, one client             {bulk:8.0} pages/s, {chunks} chunks");
    if options.triggers {
        show_triggers(&mut client);
    }
    let inserts = plain_inserts(&mut client, pages.len());
    println!(
        "plain INSERT of the same rows       {inserts:8.0} pages/s; ingest takes {:.2} x as long",
        inserts / bulk
    );
    let many = rate(pages.len(), || {
        ingest_at_once(&pages, "many.example", options.clients);
    });
    println!(
        "bulk ingest, {:2} clients            {many:8.0} pages/s",
        options.clients
    );
    run(
        &mut client,
        "delete from scraped_pages where url like 'https://many.example/%'",
    );

    same_again(&mut client, &pages);
    changed_again(&mut client, &pages);
}

fn read_pages(options: &Options) -> Vec<String> {
    let count = (PAGES_AT_SCALE_1 * options.scale) as usize;
    let mut files: Vec<PathBuf> = fs::read_dir(&options.pages)
        .unwrap_or_else(|error| panic!("{}: {error}", options.pages.display()))
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "html"))
        .collect();
    files.sort();
    files.truncate(count);
    if files.len() < count {
        eprintln!(
            "{} holds only {} pages of {count}",
            options.pages.display(),
            files.len()
        );
        process::exit(2);
    }
    files
        .iter()
        .map(|path| String::from_utf8_lossy(&fs::read(path).expect("a page")).into_owned())
        .collect()
}

fn set_up() -> Client {
    let mut server = connect("postgres");
    run(&mut server, &format!("drop database if exists {DATABASE}"));
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    step(
        &mut client,
        "the extension and three domains",
        "create extension frontdesk cascade;
         insert into domains (domain) values ('old.example'), ('new.example'), ('many.example');
         insert into customer_configs (domain) select domain from domains;
         select frontdesk.set_embedding_model('bench', 3);
         create schema bench",
    );
    client
}

fn rate(pages: usize, work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    pages as f64 / started.elapsed().as_secs_f64()
}

fn count(client: &mut Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).expect(sql).get(0)
}

fn extract_all(client: &mut Client, pages: &[String]) {
    let sql = "select count(*) from frontdesk.extract_html($1) as h, frontdesk.chunk_text(h.content, 1000, 100, 'markdown')";
    let statement = client.prepare(sql).expect("prepare");
    for page in pages {
        client.query_one(&statement, &[page]).expect("extract");
    }
}

fn ingest_all(client: &mut Client, domain: &str, pages: &[String]) {
    let statement = client.prepare(INGEST).expect("prepare");
    for (number, page) in pages.iter().enumerate() {
        client
            .query_one(&statement, &[&domain, &url(domain, number), page])
            .expect("ingest");
    }
}

const INGEST: &str = "select status, queued from frontdesk.ingest_page($1, $2, $3)";

fn url(domain: &str, number: usize) -> String {
    format!("https://{domain}/{number}")
}

fn ingest_at_once(pages: &[String], domain: &str, clients: usize) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut client = connect(DATABASE);
                let statement = client.prepare(INGEST).expect("prepare");
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(page) = pages.get(number) else { break };
                    client
                        .query_one(&statement, &[&domain, &url(domain, number), page])
                        .expect("ingest");
                }
            });
        }
    });
}

/// Inserts the rows that ingest wrote once more, without what triggers derive; pages a second.
fn plain_inserts(client: &mut Client, pages: usize) -> f64 {
    step(
        client,
        "staging the rows",
        "create table bench.pages as
         select split_part(url, '/', 4)::bigint as n, id, domain_id, url, title, content, html, excerpt, metadata, status, last_scraped_at, scraped_at
         from scraped_pages;
         create table bench.chunks as
         select p.n, e.page_id, e.chunk_text, e.heading_path, e.content_hash, e.metadata from page_embeddings as e join bench.pages as p on p.id = e.page_id;
         create index on bench.pages (n); create index on bench.chunks (n);
         delete from scraped_pages",
    );
    run(client, "vacuum analyze");
    let page = client
        .prepare(
            "insert into scraped_pages (id, domain_id, url, title, content, html, excerpt, metadata, status, last_scraped_at, scraped_at)
             select id, domain_id, url, title, content, html, excerpt, metadata, status, last_scraped_at, scraped_at from bench.pages where n = $1",
        )
        .expect("prepare");
    let chunks = client
        .prepare(
            "insert into page_embeddings (page_id, chunk_text, heading_path, content_hash, metadata)
             select page_id, chunk_text, heading_path, content_hash, metadata from bench.chunks where n = $1",
        )
        .expect("prepare");
    rate(pages, || {
        for number in 0..pages as i64 {
            let mut transaction = client.transaction().expect("begin");
            transaction.execute(&page, &[&number]).expect("a page");
            transaction
                .execute(&chunks, &[&number])
                .expect("its chunks");
            transaction.commit().expect("commit");
        }
    })
}

/// Ingests what is stored once more. Earlier deletions left dead rows, which whoever reads a page of a table clears away;
/// VACUUM does that first. What autovacuum writes meanwhile is counted too; the kinds of records tell.
fn same_again(client: &mut Client, pages: &[String]) {
    for statement in [
        "create extension if not exists pg_walinspect",
        "vacuum",
        "checkpoint",
    ] {
        run(client, statement);
    }
    let before = row_versions(client);
    let start = end_of_wal(client);
    let same = rate(pages.len(), || ingest_all(client, "old.example", pages));
    let end = end_of_wal(client);
    let written = client
        .query(
            "select \"resource_manager/record_type\", count, combined_size
             from pg_get_wal_stats($1::text::pg_lsn, $2::text::pg_lsn, true) where count > 0 order by combined_size desc",
            &[&start, &end],
        )
        .expect("records of the WAL");
    let bytes: i64 = written.iter().map(|row| row.get::<_, i64>(2)).sum();
    println!("the same pages again                {same:8.0} pages/s, {bytes} bytes of WAL");
    for row in &written {
        let (kind, count): (String, i64) = (row.get(0), row.get(1));
        println!(
            "    {kind:32} {count:8} records, {} bytes",
            row.get::<_, i64>(2)
        );
    }
    assert!(before == row_versions(client), "a row was written");
}

/// Where the WAL ends, with all that this session has written.
fn end_of_wal(client: &mut Client) -> String {
    // A record of its own is flushed, so that pg_walinspect can read up to here.
    run(client, "select pg_switch_wal()");
    let row = client
        .query_one("select pg_current_wal_flush_lsn()::text", &[])
        .expect("the end of the WAL");
    row.get(0)
}

/// The version of every row of every table: where it is and who wrote it.
fn row_versions(client: &mut Client) -> Vec<(String, String)> {
    let tables = client
        .query(
            "select c.oid::regclass::text from pg_class as c
             where c.relkind = 'r' and c.relowner = 'frontdesk_owner'::regrole order by 1",
            &[],
        )
        .expect("tables");
    tables
        .iter()
        .map(|row| {
            let table: String = row.get(0);
            let sql = format!(
                "select md5(coalesce(string_agg(ctid::text || xmin::text, ' ' order by ctid), '')) from {table}"
            );
            let digest = client.query_one(&sql, &[]).expect(&sql).get(0);
            (table, digest)
        })
        .collect()
}

fn changed_again(client: &mut Client, pages: &[String]) {
    let mut paragraphs = 0;
    let changed: Vec<String> = pages
        .iter()
        .map(|page| amended(page, &mut paragraphs))
        .collect();
    run(
        client,
        "update page_embeddings set embedding = '[1,2,3]';
         update embedding_queue set status = 'completed';
         create table bench.old as select split_part(p.url, '/', 4) as n, e.content_hash, count(*) as times
         from page_embeddings as e join scraped_pages as p on p.id = e.page_id group by 1, 2",
    );
    ingest_all(client, "new.example", &changed);
    let expected = count(
        client,
        "select sum(greatest(n.times - coalesce(o.times, 0), 0))::bigint
         from (
            select split_part(p.url, '/', 4) as n, e.content_hash, count(*) as times
            from page_embeddings as e join scraped_pages as p on p.id = e.page_id where p.url like 'https://new.example/%' group by 1, 2
         ) as n
         left join bench.old as o using (n, content_hash)",
    );
    let again = rate(pages.len(), || ingest_all(client, "old.example", &changed));
    let total = count(client, &chunks_of("old.example", "true"));
    let missing = count(client, &chunks_of("old.example", "e.embedding is null"));
    let claimable = count(
        client,
        "select count(*) from page_embeddings as e join embedding_queue as q on q.page_id = e.page_id
         join scraped_pages as p on p.id = e.page_id
         where q.status = 'pending' and e.embedding is null and p.url like 'https://old.example/%'",
    );
    println!(
        "one paragraph in {CHANGED} changed           {again:8.0} pages/s; {} of {paragraphs} paragraphs",
        paragraphs / CHANGED
    );
    println!(
        "chunks {total}, of which new {expected}, waiting for a vector {missing}, queued {claimable}"
    );
    assert_eq!(
        (missing, claimable),
        (expected, expected),
        "exactly what changed is embedded again"
    );
}

fn chunks_of(domain: &str, condition: &str) -> String {
    format!(
        "select count(*) from page_embeddings as e join scraped_pages as p on p.id = e.page_id
         where p.url like 'https://{domain}/%' and {condition}"
    )
}

/// The page with a sentence added to every so many-th paragraph.
fn amended(page: &str, paragraphs: &mut usize) -> String {
    let mut parts = page.split("</p>");
    let mut amended = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        *paragraphs += 1;
        if paragraphs.is_multiple_of(CHANGED) {
            amended.push_str(" This sentence is new.");
        }
        amended.push_str("</p>");
        amended.push_str(part);
    }
    amended
}

/// Calls and milliseconds of the functions that ran.
fn show_triggers(client: &mut Client) {
    let rows = client
        .query(
            "select funcname, calls, total_time, self_time from pg_stat_user_functions order by self_time desc limit 15",
            &[],
        )
        .expect("statistics");
    for row in rows {
        println!(
            "    {:32} {:8} calls {:8.0} ms, {:8.0} ms of its own",
            row.get::<_, String>(0),
            row.get::<_, i64>(1),
            row.get::<_, f64>(2),
            row.get::<_, f64>(3)
        );
    }
}
