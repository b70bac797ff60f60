//! The codes of vectors tell which to compare: what is found so is what comparing all of them finds, whatever was written.

use super::*;

const DIMENSIONS: usize = 96;

/// ACME with chunks whose vectors lie in some clusters, in one page, and GLOBEX with as many of its own.
fn coded_chunks(count: usize) -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "select frontdesk.set_embedding_model('wide', {DIMENSIONS});
         create function vector_of(number int) returns vector language sql as $$
             select array_agg(sin(d * (number % 40 + 1)) + 0.7 * cos(d * d * 0.37 * number + number))::vector
             from generate_series(1, {DIMENSIONS}) as d $$;
         insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://' || d.domain || '/many', 'page', 'text', 'completed' from domains as d;
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'chunk ' || i, vector_of(i + length(p.url)) from scraped_pages as p, generate_series(1, {count}) as i"
    ));
    (db, client)
}

fn nearest(client: &mut Client, route: &str, number: i32) -> Vec<String> {
    client.run(route);
    client.rows(&format!(
        "select chunk_id from frontdesk.hybrid_search('acme.example', null, vector_of({number}), 50)"
    ))
}

/// The codes are those of the vectors, and find what comparing finds.
fn assert_right(client: &mut Client, after: &str) {
    assert_eq!(
        client.rows("select v from frontdesk.verify_search_statistics('acme.example') as v"),
        [""; 0],
        "after {after}"
    );
    for number in [5, 1_000, 70_000] {
        // One of those that are just among the wanted may be missed.
        let [compared, by_codes, _] = ROUTES.map(|route| nearest(client, route, number));
        assert_eq!(
            by_codes.len(),
            compared.len(),
            "vector {number} after {after}"
        );
        let first = compared.len().min(20);
        assert_eq!(
            by_codes[..first],
            compared[..first],
            "vector {number} after {after}"
        );
    }
}

fn codes(client: &mut Client) -> i64 {
    let count = format!(
        "select coalesce(sum(vectors), 0) from frontdesk_internal.vector_codes where config_id = '{}'",
        ACME.config_id()
    );
    client.row(&count).parse().expect("a number")
}

#[test]
fn codes_follow_every_change_of_vectors() {
    let (_db, mut client) = coded_chunks(400);
    assert_right(&mut client, "insert");
    for change in [
        "update page_embeddings set embedding = vector_of(5) where chunk_text = 'chunk 300'",
        "update page_embeddings set embedding = vector_of(70000 + right(chunk_text, 2)::int) where chunk_text like 'chunk 1__'",
        "update page_embeddings set embedding = null where chunk_text like 'chunk 2__'",
        "update page_embeddings set chunk_text = chunk_text || '.'",
        "delete from page_embeddings where chunk_text like 'chunk 3%'",
        "begin; delete from page_embeddings; rollback",
        "begin; savepoint s; update page_embeddings set embedding = vector_of(5); rollback to s; commit",
        "insert into page_embeddings (page_id, chunk_text, embedding) select page_id, 'new ' || chunk_text, vector_of(1001) from page_embeddings",
        "delete from customer_configs where domain = 'globex.example'",
        "update scraped_pages set domain_id = (select id from domains where domain = 'acme.example') where url = 'https://globex.example/many'",
        "select frontdesk.run_maintenance()",
        "select frontdesk.rebuild_search_statistics('acme.example')",
        "truncate scraped_pages cascade",
    ] {
        client.run(change);
        assert_right(&mut client, change);
    }
}

#[test]
fn a_stale_code_hides_no_vector() {
    let (_db, mut client) = coded_chunks(3_000);
    // Codes of the nearest to this vector are of chunks that have moved away, or are gone.
    client.run(
        "update page_embeddings set embedding = vector_of(70000 + right(chunk_text, 2)::int)
         where id in (select id from page_embeddings order by embedding <=> vector_of(5) limit 800);
         delete from page_embeddings
         where id in (select id from page_embeddings order by embedding <=> vector_of(1000) limit 800)",
    );
    assert!(codes(&mut client) > 3_000, "nothing is stale");
    assert_right(&mut client, "changes near the questions");
}

#[test]
fn maintenance_forgets_the_codes_of_vectors_that_are_gone() {
    let (db, mut client) = coded_chunks(300);
    client.run("create table gone as select id from page_embeddings where chunk_text like 'chunk 1%' and domain_id = (select id from customer_configs where domain = 'acme.example')");
    client.run("delete from page_embeddings where id in (select id from gone)");
    let left = "select count(*) from gone as g, frontdesk_internal.vector_codes as c where position(uuid_send(g.id) in c.codes) > 0";
    assert_eq!(client.row(left), "111");
    let mut operator = db.session(&frontdesk_harness::Identity::Service);
    operator.run("select frontdesk.run_maintenance()");
    assert_eq!(client.row(left), "0");
    assert_eq!(codes(&mut client), 189);
    assert_right(&mut client, "maintenance");
}

#[test]
fn writers_forget_them_when_they_are_many() {
    let (_db, mut client) = coded_chunks(2_000);
    for _ in 0..6 {
        client.run("update page_embeddings set embedding = vector_of(right(chunk_text, 2)::int + 3) where chunk_text like '%7%';
            update page_embeddings set embedding = vector_of(right(chunk_text, 2)::int) where chunk_text like '%7%'");
        assert_right(&mut client, "rewriting");
    }
    let codes = codes(&mut client);
    assert!(
        (2_000..4_000).contains(&codes),
        "{codes} codes of 2,000 vectors"
    );
}

#[test]
fn codes_stay_right_while_writers_make_them_at_once() {
    let (db, mut client) = coded_chunks(100);
    let writes = "do $$ begin for i in 1..60 loop
            insert into page_embeddings (page_id, chunk_text, embedding)
            select id, 'extra', vector_of(i + {writer}) from scraped_pages where url like '%acme%';
            update page_embeddings set embedding = vector_of(i * {writer}) where chunk_text = 'chunk ' || (i + {writer} % 10);
            commit;
        end loop; end $$";
    std::thread::scope(|scope| {
        for number in [1_007, 2_003, 3_001] {
            let mut writer = db.superuser();
            let writes = writes.replace("{writer}", &number.to_string());
            scope.spawn(move || writer.run(&writes));
        }
    });
    assert!(codes(&mut client) > 200);
    assert_right(&mut client, "three writers");
}

#[test]
fn another_model_has_other_codes() {
    let (_db, mut client) = coded_chunks(500);
    client.run(
        "select frontdesk.set_embedding_model('narrow', 40, discard => true);
         create or replace function vector_of(number int) returns vector language sql as $$
             select array_agg(sin(d * number + d))::vector from generate_series(1, 40) as d $$;
         update page_embeddings set embedding = vector_of(right(chunk_text, 2)::int)",
    );
    assert_eq!(codes(&mut client), 500);
    assert_right(&mut client, "a change of model");
}
