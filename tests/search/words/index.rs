//! The index of words is that of the chunks, whatever happens to them.

use std::thread;

use super::*;

/// What is wrong with the index of either tenant.
fn differences(client: &mut Client) -> Vec<String> {
    client.rows(
        "select d.domain, v.* from (values ('acme.example'), ('globex.example')) as d (domain), frontdesk.verify_search_statistics(d.domain) as v",
    )
}

/// Random numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Two pages for each tenant; the statements below name them by number.
fn pages(client: &mut Client) {
    client.run(
        "insert into scraped_pages (domain_id, url, title)
         select d.id, 'https://' || d.domain || '/' || n, 'page' from domains as d, generate_series(1, 2) as n",
    );
}

/// A statement that changes chunks.
fn change(numbers: &mut Numbers) -> String {
    let some = |numbers: &mut Numbers, count: u64| {
        let (place, count) = (numbers.below(200), 1 + numbers.below(count));
        format!(
            "(select id from page_embeddings order by chunk_text, id offset {place} limit {count})"
        )
    };
    let text = |numbers: &mut Numbers| {
        let words: Vec<String> = (0..1 + numbers.below(12))
            .map(|_| format!("word{}", numbers.below(40)))
            .collect();
        words.join(" ")
    };
    match numbers.below(8) {
        0 | 1 => format!(
            "insert into page_embeddings (page_id, chunk_text)
             select p.id, '{}' from scraped_pages as p where p.title = 'page' order by p.url limit {}",
            text(numbers),
            1 + numbers.below(4)
        ),
        2 => format!(
            "insert into page_embeddings (page_id, chunk_text)
             select p.id, '{} bulk' || i from scraped_pages as p, generate_series(1, {}) as i where p.title = 'page'",
            text(numbers),
            numbers.below(60)
        ),
        3 => format!(
            "update page_embeddings set chunk_text = '{}' where id in {}",
            text(numbers),
            some(numbers, 20)
        ),
        4 => format!("delete from page_embeddings where id in {}", some(numbers, 20)),
        5 => format!(
            "update page_embeddings set metadata = '{{}}', embedding = '[1,2,3]' where id in {}",
            some(numbers, 50)
        ),
        6 => format!(
            "update page_embeddings set page_id = (select id from scraped_pages where title = 'page' order by url offset {} limit 1) where id in {}",
            numbers.below(4),
            some(numbers, 20)
        ),
        _ => format!(
            "update scraped_pages set domain_id = (select id from domains order by domain offset {} limit 1) where title = 'page' and url like '%/2'",
            numbers.below(2)
        ),
    }
}

#[test]
fn nothing_that_happens_to_chunks_makes_the_statistics_wrong() {
    let (_db, mut client) = two_tenants();
    pages(&mut client);
    let mut numbers = Numbers(7);
    for step in 0..80 {
        let first = change(&mut numbers);
        let second = change(&mut numbers);
        let statement = match numbers.below(4) {
            0 => format!("begin; {first}; {second}; rollback"),
            1 => format!("begin; {first}; savepoint s; {second}; rollback to s; commit"),
            // A page moves only in a READ COMMITTED transaction.
            2 if !first.contains("update scraped_pages") => {
                format!("begin isolation level repeatable read; {first}; commit")
            }
            _ => first,
        };
        client.run(&statement);
        assert_eq!(differences(&mut client), [""; 0], "{step}: {statement}");
    }
    client.run("update domains set text_search_config = 'german' where domain = 'acme.example'");
    assert_eq!(differences(&mut client), [""; 0]);
    client.run("delete from customer_configs where domain = 'acme.example'");
    client.run("insert into customer_configs (domain, organization_id) select domain, organization_id from domains where domain = 'acme.example'");
    assert_eq!(differences(&mut client), [""; 0]);
    client.run("truncate page_embeddings cascade");
    assert_eq!(differences(&mut client), [""; 0]);
    assert_eq!(
        client.row("select count(*) from frontdesk_internal.search_segments"),
        "0"
    );
}

#[test]
fn writers_at_the_same_time_leave_right_statistics() {
    let (db, mut client) = two_tenants();
    pages(&mut client);
    thread::scope(|scope| {
        for writer in 0..4 {
            let mut client = db.superuser();
            scope.spawn(move || {
                let mut numbers = Numbers(100 + writer);
                for _ in 0..40 {
                    let end = ["commit", "commit", "rollback"][numbers.below(3) as usize];
                    let (first, second) = (change(&mut numbers), change(&mut numbers));
                    // Two writers may meet in the opposite order: one of them is refused, as with any table.
                    drop(client.batch_execute(&format!("begin; {first}; {second}; {end}")));
                    drop(client.batch_execute("rollback"));
                }
            });
        }
    });
    assert_ne!(client.row("select count(*) from page_embeddings"), "0");
    assert_eq!(differences(&mut client), [""; 0]);
}

#[test]
fn writes_without_triggers_are_found_out_and_mended() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "values ('one two'), ('three')",
    );
    let config = ACME.config_id();
    client.row(&format!(
        "select frontdesk.fold_search_changes('{config}', 1)"
    ));
    client.run("set session_replication_role = replica; delete from page_embeddings where chunk_text = 'three'; reset session_replication_role");
    assert_eq!(
        differences(&mut client),
        [
            "acme.example|documents|1|2",
            "acme.example|document frequencies|2|3",
            "acme.example|lexemes that differ|0|1",
            "acme.example|words of weight D|2|3"
        ]
    );
    assert_eq!(
        client.row("select frontdesk.rebuild_search_statistics('acme.example')"),
        "1"
    );
    assert_eq!(differences(&mut client), [""; 0]);
}

#[test]
fn without_maintenance_few_changes_wait_and_few_segments_are_read() {
    let (_db, mut client) = two_tenants();
    pages(&mut client);
    client.run(
        "do $$ begin for i in 1..1500 loop
            insert into page_embeddings (page_id, chunk_text) select id, 'word' || i from scraped_pages where url = 'https://acme.example/1';
         end loop; end $$",
    );
    assert_eq!(
        client.row("select count(*) < 64 from frontdesk_internal.search_changes"),
        "t"
    );
    // Sizes of 64, 256 and 1,024 chunks, at most three of each.
    assert_eq!(
        client.row("select count(*) <= 9 from frontdesk_internal.search_segments"),
        "t"
    );
    assert_eq!(differences(&mut client), [""; 0]);
}

#[test]
fn maintenance_forgets_the_words_of_removed_chunks() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "select 'keep' || i from generate_series(1, 100) as i union all values ('secretword')",
    );
    let traces = "select count(*) from frontdesk_internal.search_postings where position('secretword'::bytea in block) > 0";
    assert_eq!(client.row(traces), "1");
    client.run("delete from page_embeddings where chunk_text = 'secretword'; select frontdesk.run_maintenance()");
    assert_eq!(client.row(traces), "0");
    assert_eq!(
        client.row("select count(*) from frontdesk_internal.search_changes"),
        "0"
    );
    assert_eq!(differences(&mut client), [""; 0]);
}

/// Who a session is, and whether it may read bookkeeping.
const RIGHTS: &str = "select current_user, has_schema_privilege('frontdesk_internal', 'usage')";

#[test]
fn a_search_leaves_its_caller_the_rights_that_it_had() {
    let (db, mut client) = two_tenants();
    chunks(&mut client, "acme.example", "page", "values ('refund')");
    let mut member = member(&db);
    let before = member.row(RIGHTS);
    assert_eq!(before, "authenticated|f");
    let search = "select count(*) from frontdesk.hybrid_search('acme.example', 'refund')";
    assert_eq!(member.row(search), "1");
    assert_eq!(member.row(RIGHTS), before);
    // A search that fails where it reads with the rights of the owner.
    client.run("alter table frontdesk_internal.search_segments rename column dead to gone");
    member.run("begin; savepoint before_search");
    assert!(member.batch_execute(search).is_err());
    member.run("rollback to before_search");
    assert_eq!(member.row(RIGHTS), before);
    member.run("rollback");
    assert_eq!(member.row(RIGHTS), before);
}
