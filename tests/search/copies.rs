//! The copy of vectors that exact search reads is what is in page_embeddings, whatever happens there.

use super::*;

const COPIED: &str = "select v.chunk_id, v.config_id, v.direction::text from frontdesk_internal.chunk_vectors as v order by 1";
const WANTED: &str =
    "select e.id, e.domain_id, (l2_normalize(e.embedding)::halfvec)::text from page_embeddings as e
    where e.domain_id is not null and vector_norm(e.embedding) > 0 order by 1";
const COUNTED: &str =
    "select c.config_id, sum(c.vectors) from frontdesk_internal.vector_counts as c
    group by 1 having sum(c.vectors) <> 0 order by 1";
const TO_COUNT: &str =
    "select v.config_id, count(*) from frontdesk_internal.chunk_vectors as v group by 1 order by 1";

fn assert_copied(client: &mut Client, after: &str) {
    assert_eq!(client.rows(COPIED), client.rows(WANTED), "after {after}");
    assert_eq!(client.rows(COUNTED), client.rows(TO_COUNT), "after {after}");
}

/// Two pages of each of the two tenants with ten chunks, of which some have no vector and one has no direction.
fn many_chunks() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://' || d.domain || '/' || i, 'page', 'text', 'completed' from domains as d, generate_series(1, 2) as i;
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'chunk ' || i, case when i > 2 then array[sin(i), sin(i * 7.3), case when i = 3 then 0 else 1 end]::vector end
         from scraped_pages as p, generate_series(1, 10) as i;
         update page_embeddings set embedding = '[0,0,0]' where chunk_text = 'chunk 3'",
    );
    (db, client)
}

#[test]
fn the_copy_follows_every_change_of_chunks() {
    let (_db, mut client) = many_chunks();
    assert_copied(&mut client, "insert");
    assert_eq!(
        client.row("select count(*) from frontdesk_internal.chunk_vectors"),
        "28"
    );
    for change in [
        "update page_embeddings set embedding = '[1,2,3]' where chunk_text in ('chunk 1', 'chunk 5')",
        "update page_embeddings set embedding = null where chunk_text = 'chunk 6'",
        "update page_embeddings set chunk_text = chunk_text || '.'",
        "update page_embeddings set embedding = '[3e38,3e38,3e38]' where chunk_text = 'chunk 7.'",
        "update page_embeddings set embedding = '[1e-30,0,0]' where chunk_text = 'chunk 8.'",
        "update page_embeddings set id = gen_random_uuid() where chunk_text = 'chunk 9.'",
        "delete from page_embeddings where chunk_text = 'chunk 10.'",
        "insert into page_embeddings (page_id, chunk_text, embedding) select page_id, 'new', '[0,1,0]' from page_embeddings",
        "begin; delete from page_embeddings; rollback",
        "begin; savepoint s; update page_embeddings set embedding = '[1,1,1]'; rollback to s; commit",
        "update scraped_pages set domain_id = (select id from domains where domain = 'globex.example')
         where url = 'https://acme.example/1'",
        "delete from customer_configs where domain = 'acme.example'",
        "insert into customer_configs (domain, organization_id)
         select domain, organization_id from domains where domain = 'acme.example'",
        "delete from scraped_pages where url = 'https://globex.example/1'",
        "delete from domains where domain = 'globex.example'",
        "truncate scraped_pages cascade",
    ] {
        client.run(change);
        assert_copied(&mut client, change);
    }
}

#[test]
fn counts_stay_true_while_writers_fold_them_at_once() {
    let (db, mut client) = many_chunks();
    let writes = "do $$ begin for i in 1..40 loop
            update page_embeddings set embedding = array[i, 1, 1]::vector where page_id = (
                select id from scraped_pages where url = '{url}');
            delete from page_embeddings where chunk_text = 'extra {url}';
            insert into page_embeddings (page_id, chunk_text, embedding)
            select id, 'extra {url}', '[1,1,1]' from scraped_pages where url = '{url}';
            commit;
        end loop; end $$";
    std::thread::scope(|scope| {
        for url in [
            "https://acme.example/1",
            "https://acme.example/2",
            "https://globex.example/1",
        ] {
            let mut writer = db.superuser();
            scope.spawn(move || writer.run(&writes.replace("{url}", url)));
        }
    });
    assert_copied(&mut client, "three writers");
    let rows = "select count(*) < 200 from frontdesk_internal.vector_counts";
    assert_eq!(client.row(rows), "t");
}

const DIFFERENCES: &str = "select d.name || ': ' || v::text from (values ('acme.example'), ('globex.example')) as d (name)
    cross join lateral frontdesk.verify_search_statistics(d.name) as v";

/// What nobody notices: chunks that come, change, move to the other tenant and go.
const UNNOTICED: &str = "
    insert into page_embeddings (page_id, domain_id, chunk_text, embedding)
    select page_id, domain_id, 'kangaroo', '[0,1,0]' from page_embeddings where chunk_text = 'chunk 4';
    update page_embeddings set chunk_text = 'wombat', search_vector = to_tsvector('wombat'), embedding = '[0,0,1]' where chunk_text = 'chunk 5';
    update page_embeddings set embedding = null where chunk_text = 'chunk 6';
    update page_embeddings set domain_id = (select id from customer_configs where domain = 'globex.example')
    where id = (select min(id::text)::uuid from page_embeddings where chunk_text = 'chunk 7');
    delete from page_embeddings where chunk_text = 'chunk 8'";

#[test]
fn a_rebuild_makes_good_what_was_written_without_triggers() {
    let (_db, mut client) = many_chunks();
    let rebuild = "select frontdesk.rebuild_search_statistics('acme.example'), frontdesk.rebuild_search_statistics('globex.example')";
    // Now the chunks are in the index, and not only noted for it.
    client.run(rebuild);
    assert_eq!(client.rows(DIFFERENCES), [""; 0]);
    client.run(&format!(
        "set session_replication_role = replica; {UNNOTICED}; reset session_replication_role"
    ));
    let found = client.rows(DIFFERENCES).join(" ");
    for wrong in ["documents", "vectors", "copies of vectors"] {
        assert!(found.contains(wrong), "{wrong}: {found}");
    }
    client.run(rebuild);
    assert_eq!(client.rows(DIFFERENCES), [""; 0]);
    assert_copied(&mut client, "a rebuild");
}

#[test]
fn installing_again_makes_good_what_was_written_without_the_extension() {
    let (db, mut client) = many_chunks();
    let get = "select results from frontdesk.cache_get('acme.example', 'marsupial', 'hybrid')";
    let key = "select cache_key from frontdesk.cache_get('acme.example', 'marsupial', 'hybrid')";
    let before = client.row(key);
    client.run(&format!(
        "select frontdesk.cache_put('acme.example', '{before}', '[]', 'hybrid')"
    ));
    assert_eq!(client.row(get), "[]");
    let mut owner = db.superuser();
    owner.run("drop extension frontdesk cascade");
    owner.run(UNNOTICED);
    owner.run("create extension frontdesk");
    let mut client = db.superuser();
    assert_eq!(client.rows(DIFFERENCES), [""; 0]);
    assert_copied(&mut client, "an installation");
    assert_eq!(client.row(get), "null");
    let words = "select distinct chunk_text from frontdesk.hybrid_search('acme.example', 'kangaroo wombat') order by 1";
    assert_eq!(client.rows(words), ["kangaroo", "wombat"]);
}
