//! What was found once is found again, and never after what it was made of has changed.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Session, Sql};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    (db, client)
}

/// What is cached for a question of ACME, or "null".
fn cached(client: &mut Client, question: &str) -> String {
    client.row(&format!(
        "select results from frontdesk.cache_get('acme.example', '{question}')"
    ))
}

fn key(client: &mut Client, question: &str) -> String {
    client.row(&format!(
        "select cache_key from frontdesk.cache_get('acme.example', '{question}')"
    ))
}

fn put(client: &mut Client, key: &str, results: &str) {
    client.run(&format!(
        "select frontdesk.cache_put('acme.example', '{key}', '{results}')"
    ));
}

fn member(db: &Database) -> Session {
    db.session(&ACME.person("member"))
}

/// What an answer of ACME may be made of, changed.
const CHANGES: [&str; 15] = [
    "update entity_catalog set price = 1 where name = 'acme kettle'",
    "update scraped_pages set content = 'new', content_hash = 'new' where url = 'https://acme.example/page/1'",
    "update scraped_pages set status = 'deleted' where url = 'https://acme.example/page/1'",
    "delete from scraped_pages where url = 'https://acme.example/page/1'",
    "insert into scraped_pages (domain_id, url) select id, 'https://acme.example/new' from domains where domain = 'acme.example'",
    "update page_embeddings set embedding = null where chunk_text like '%acme take 2%'",
    "delete from page_embeddings where chunk_text like '%acme take 2%'",
    "update website_content set content = 'new' where url = 'https://acme.example/about'",
    "select frontdesk.set_synonyms('acme.example', 'refund', array['rebate'])",
    "insert into global_synonym_mappings (term, synonyms, is_safe_for_all) values ('kettle', array['pot'], true)",
    "update domains set text_search_config = 'german' where domain = 'acme.example'",
    "update frontdesk_internal.embedding_model set name = 'another'",
    "select frontdesk.gdpr_erase('acme.example', 'visitor@acme.example')",
    "truncate page_embeddings cascade",
    "delete from customer_configs where domain = 'acme.example';
     insert into customer_configs (domain, organization_id) select domain, organization_id from domains where domain = 'acme.example'",
];

#[test]
fn the_same_question_finds_its_answer_in_another_spelling() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    let key = key(&mut member, "When?");
    assert_eq!(cached(&mut member, "When?"), "null");
    put(&mut member, &key, "{\"a\": 1}");
    for spelling in ["When?", "when?", "  WHEN? ", "\u{ff37}hen?"] {
        assert_eq!(cached(&mut member, spelling), "{\"a\": 1}", "{spelling}");
    }
    for other in ["When", "When? Now", "w hen?"] {
        assert_eq!(cached(&mut member, other), "null", "{other}");
    }
    let with_options =
        "select results from frontdesk.cache_get('acme.example', 'When?', options => '{\"n\": 1}')";
    assert_eq!(member.row(with_options), "null");
    let other_kind = "select results from frontdesk.cache_get('acme.example', 'When?', 'hybrid')";
    assert_eq!(member.row(other_kind), "null");
}

#[test]
fn both_caches_keep_what_is_put_until_it_expires() {
    let (db, mut client) = two_tenants();
    let mut server = db.session(&ACME.chat_server());
    for (kind, table) in [("answer", "query_cache"), ("hybrid", "search_cache")] {
        let get = format!("select results from frontdesk.cache_get('acme.example', 'q', '{kind}')");
        server.run(&format!(
            "select frontdesk.cache_put('acme.example', cache_key, '[1]', '{kind}') from frontdesk.cache_get('acme.example', 'q', '{kind}')"
        ));
        assert_eq!(server.row(&get), "[1]");
        client.run(&format!(
            "update {table} set expires_at = now() - interval '1 second'"
        ));
        assert_eq!(server.row(&get), "null");
    }
}

#[test]
fn a_change_makes_what_was_cached_unreachable() {
    let (db, mut client) = two_tenants();
    for change in CHANGES {
        let mut member = member(&db);
        let key = key(&mut member, "q");
        put(&mut member, &key, "1");
        assert_eq!(cached(&mut member, "q"), "1", "before {change}");
        client.run(change);
        assert_eq!(cached(&mut member, "q"), "null", "after {change}");
    }
}

#[test]
fn what_was_computed_before_a_change_and_put_after_it_is_never_found() {
    let (db, mut client) = two_tenants();
    for change in CHANGES {
        let mut member = member(&db);
        let key = key(&mut member, "q");
        client.run(change);
        put(&mut member, &key, "1");
        assert_eq!(cached(&mut member, "q"), "null", "after {change}");
    }
}

#[test]
fn a_change_that_is_undone_leaves_what_was_cached() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let key = key(&mut member, "q");
    put(&mut member, &key, "1");
    for change in CHANGES {
        client.run(&format!("begin; {change}; rollback"));
        assert_eq!(cached(&mut member, "q"), "1", "after {change}");
    }
    client.run(
        "update scraped_pages set content = 'new' where url = 'https://globex.example/page/1'",
    );
    assert_eq!(
        cached(&mut member, "q"),
        "1",
        "after a change of another tenant"
    );
}

#[test]
fn a_setting_of_searches_is_part_of_the_key() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    let key = key(&mut member, "q");
    put(&mut member, &key, "1");
    member.run("set frontdesk.exact_search_limit = 7");
    assert_eq!(cached(&mut member, "q"), "null");
    member.run("reset frontdesk.exact_search_limit");
    assert_eq!(cached(&mut member, "q"), "1");
}

#[test]
fn nobody_finds_what_was_put_for_others() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    let key = key(&mut member, "q");
    put(&mut member, &key, "1");
    for other in [
        ACME.person("owner"),
        ACME.person("viewer"),
        ACME.chat_server(),
    ] {
        assert_eq!(cached(&mut db.session(&other), "q"), "null", "{other:?}");
    }
    let get = "select * from frontdesk.cache_get('acme.example', 'q')";
    for stranger in [GLOBEX.person("owner"), GLOBEX.chat_server()] {
        assert_eq!(db.session(&stranger).refusal(get), "P0002");
    }
    let put = format!("select frontdesk.cache_put('acme.example', '{key}', '2')");
    assert_eq!(db.session(&ACME.person("viewer")).refusal(&put), "42501");
    assert_eq!(db.session(&GLOBEX.chat_server()).refusal(&put), "P0002");
}

#[test]
fn where_nothing_can_be_written_reading_goes_on() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let put = "select frontdesk.cache_put('acme.example', cache_key, '1', 'hybrid') from frontdesk.cache_get('acme.example', 'q', 'hybrid')";
    assert_eq!(member.row(put), "t");
    client.run("update search_cache set last_accessed_at = now() - interval '1 hour'");
    member.run("begin read only");
    assert_eq!(
        member.row("select results from frontdesk.cache_get('acme.example', 'q', 'hybrid')"),
        "1"
    );
    assert_eq!(member.row(put), "f");
    member.run("commit");
    let is_used = "select bool_and(last_accessed_at > now() - interval '1 minute') from search_cache where results = '1'";
    assert_eq!(client.row(is_used), "f");
    member.run("select frontdesk.cache_get('acme.example', 'q', 'hybrid')");
    assert_eq!(client.row(is_used), "t");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let long = format!("repeat('a', {})", 1_048_577);
    for (call, expected) in [
        ("cache_get('acme.example', null)".to_owned(), "22004"),
        ("cache_get(null, 'q')".to_owned(), "22004"),
        ("cache_get('acme.example', 'q', ' ')".to_owned(), "22023"),
        (
            "cache_get('acme.example', 'q', options => '[]')".to_owned(),
            "22023",
        ),
        (
            "cache_get('acme.example', repeat('q', 100001))".to_owned(),
            "54000",
        ),
        (
            "cache_put('acme.example', 'no key', '1')".to_owned(),
            "22023",
        ),
        (
            "cache_put('acme.example', repeat('a', 64), null)".to_owned(),
            "22004",
        ),
        (
            format!("cache_put('acme.example', repeat('a', 64), to_jsonb({long}))"),
            "54000",
        ),
        (
            "cache_put('acme.example', repeat('a', 64), '1', expires_in => '0 s')".to_owned(),
            "22023",
        ),
    ] {
        assert_eq!(
            member.refusal(&format!("select frontdesk.{call}")),
            expected,
            "{call}"
        );
    }
    client.run("update domains set active = false where domain = 'acme.example'");
    assert_eq!(
        member.refusal("select frontdesk.cache_get('acme.example', 'q')"),
        "55000"
    );
}

#[test]
fn a_domain_keeps_no_more_than_its_bound() {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "alter database {} set frontdesk.cache_entries = 20",
        db.name()
    ));
    let mut member = member(&db);
    // One put in fifty looks: after a thousand none has looked with a chance of 2e-9.
    member.run(
        "select frontdesk.cache_put('acme.example', g.cache_key, '1', 'hybrid')
         from generate_series(1, 1000) as i, lateral frontdesk.cache_get('acme.example', i::text, 'hybrid') as g",
    );
    assert_eq!(
        client.row("select count(*) < 900 from search_cache where results = '1'"),
        "t"
    );
}

/// Sessions that read, compute, put at any later time, edit, roll back: whatever is found is what the session would compute.
#[test]
fn what_is_found_is_always_what_would_be_computed_now() {
    let (db, mut client) = two_tenants();
    client.run("create table facts (n int primary key, fact int); insert into facts select n, 0 from generate_series(0, 3) as n;
                grant select on facts to public");
    let people = ["owner", "admin", "member", "member"];
    let mut readers: Vec<_> = people
        .iter()
        .map(|role| db.session(&ACME.person(role)))
        .collect();
    let mut writers: Vec<_> = (0..3).map(|_| db.superuser()).collect();
    let mut is_open = [false; 3];
    let mut pending: Vec<(usize, String, String)> = Vec::new();
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut hits = 0;
    for step in 0..1500 {
        let dice = random.next_u32() as usize;
        let who = (dice >> 8) % 4;
        let writer = (dice >> 8) % 3;
        match dice % 8 {
            0..=3 => {
                // The knowledge as the session sees it, read before and after: nothing commits in between.
                let question = format!("q{}", (dice >> 16) % 3);
                let row = readers[who].row(&format!("select cache_key, results #>> '{{}}' from frontdesk.cache_get('acme.example', '{question}')"));
                let (key, found) = row.split_once('|').expect("two columns");
                let computed =
                    readers[who].row("select string_agg(fact::text, ' ' order by n) from facts");
                if found == "null" {
                    pending.push((who, key.to_owned(), computed));
                } else {
                    assert_eq!(found, computed, "step {step}");
                    hits += 1;
                }
            }
            4 | 5 => {
                if !pending.is_empty() {
                    let (who, key, computed) = pending.swap_remove((dice >> 16) % pending.len());
                    // Waits for an editor that deletes the same entry; then there is nothing to put it over.
                    let put = format!(
                        "set lock_timeout = '20ms'; select frontdesk.cache_put('acme.example', '{key}', to_jsonb('{computed}'::text))"
                    );
                    drop(readers[who].batch_execute(&put));
                }
            }
            6 => {
                let begin = if is_open[writer] {
                    "select"
                } else {
                    "begin; set local lock_timeout = '20ms'"
                };
                let edit = format!(
                    "{begin}; update facts set fact = fact + 1 where n = {writer};
                     update scraped_pages set content = '{step}', content_hash = '{step}' where url = 'https://acme.example/page/{}'",
                    writer + 1
                );
                is_open[writer] = true;
                if writers[writer].batch_execute(&edit).is_err() {
                    writers[writer].run("rollback");
                    is_open[writer] = false;
                }
            }
            _ => {
                if is_open[writer] {
                    writers[writer].run(if dice & 0x10000 == 0 {
                        "commit"
                    } else {
                        "rollback"
                    });
                    is_open[writer] = false;
                }
            }
        }
    }
    assert!(hits > 50, "{hits}");
}

const DOMAINS: [&str; 2] = ["acme.example", "globex.example"];
const QUESTIONS: [&str; 3] = ["refund kettle", "rebate", "take visitor"];
const VECTOR: &str = "[1,0.2,0.1]";

/// Something that changes what searches of a domain find, or of both.
fn search_change(domain: &str, dice: u32) -> String {
    let number = dice % 7;
    let chunk = format!(
        "(select e.id from page_embeddings as e join customer_configs as c on c.id = e.domain_id
          where c.domain = '{domain}' order by e.id offset {} limit 1)",
        dice % 3
    );
    let page = format!(
        "(select p.id from scraped_pages as p join domains as d on d.id = p.domain_id
          where d.domain = '{domain}' order by p.id offset {} limit 1)",
        dice % 2
    );
    match dice / 7 % 11 {
        0 => format!("update page_embeddings set chunk_text = chunk_text || ' refund' where id = {chunk}"),
        1 => format!(
            "insert into page_embeddings (page_id, chunk_text, embedding) values ({page}, 'rebate {number}', '[{number},1,0]')"
        ),
        2 => format!("delete from page_embeddings where id = {chunk}"),
        3 => format!("update page_embeddings set embedding = '[1,{number},2]' where id = {chunk}"),
        4 => format!("select frontdesk.set_synonyms('{domain}', 'refund', array['rebate', 'take'], {number})"),
        5 => format!("select frontdesk.set_synonyms('{domain}', 'refund', '{{}}')"),
        6 => format!("select frontdesk.set_search_fusion('{domain}', 'min_max', 0.{number})"),
        7 => "update global_synonym_mappings set is_safe_for_all = not is_safe_for_all where term = 'kettle'".into(),
        8 => format!("update domains set text_search_config = '{}' where domain = '{domain}'", ["english", "simple"][dice as usize % 2]),
        9 => format!("select frontdesk.gdpr_erase('{domain}', 'visitor@{domain}')"),
        _ => format!("update scraped_pages set status = '{}' where id = {page}", ["deleted", "completed"][dice as usize % 2]),
    }
}

/// Edits, erasures, weights, synonyms, languages, of two tenants, committed or not; results that are kept as late as can be.
#[test]
fn a_search_from_the_cache_is_what_a_search_finds_now() {
    let (db, mut client) = two_tenants();
    client.run(
        "delete from page_embeddings; select frontdesk.set_embedding_model('test', 3);
         insert into global_synonym_mappings (term, synonyms, is_safe_for_all) values ('kettle', array['take'], true);
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'refund of a kettle ' || i, array[i, 1, 1]::vector from scraped_pages as p, generate_series(1, 3) as i",
    );
    let mut readers = [
        db.session(&ACME.person("member")),
        db.session(&GLOBEX.person("owner")),
        db.session(&ACME.person("owner")),
    ];
    let domain_of = |reader: usize| DOMAINS[reader % 2];
    let mut writer = db.superuser();
    let mut pending: Vec<(usize, String, String)> = Vec::new();
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let (mut hits, mut is_open) = (0, false);
    for step in 0..700 {
        let dice = random.next_u32();
        let reader = (dice >> 8) as usize % 3;
        match dice % 10 {
            0..=5 => {
                let (domain, question) = (domain_of(reader), QUESTIONS[(dice >> 16) as usize % 3]);
                let row = readers[reader].row(&format!(
                    "select cache_key, results::text from frontdesk.cache_get('{domain}', '{question}', 'hybrid')"
                ));
                let (key, found) = row.split_once('|').expect("two columns");
                let now = readers[reader].row(&format!(
                    "select coalesce(jsonb_agg(to_jsonb(s)), '[]')::text from frontdesk.hybrid_search('{domain}', '{question}', '{VECTOR}') as s"
                ));
                if found == "null" {
                    pending.push((reader, key.to_owned(), now));
                } else {
                    assert_eq!(found, now, "step {step}");
                    hits += 1;
                }
            }
            6 | 7 if !pending.is_empty() => {
                let (reader, key, results) =
                    pending.swap_remove((dice >> 16) as usize % pending.len());
                // Waits for a writer that deletes the same entry; then there is nothing to put it over.
                drop(readers[reader].batch_execute(&format!(
                    "set lock_timeout = '20ms'; select frontdesk.cache_put('{}', '{key}', $json${results}$json$, 'hybrid')",
                    domain_of(reader)
                )));
            }
            8 => {
                let change = search_change(DOMAINS[(dice >> 16) as usize % 2], dice >> 17);
                let begin = if is_open { "select" } else { "begin" };
                writer.run(&format!("{begin}; {change}"));
                is_open = true;
            }
            9 if is_open => {
                writer.run(if dice & 0x10000 == 0 {
                    "commit"
                } else {
                    "rollback"
                });
                is_open = false;
            }
            _ => {}
        }
    }
    assert!(hits > 50, "{hits}");
}
