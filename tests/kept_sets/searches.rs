//! How a domain is searched is kept as well: its language, its fusion, whether it is active, and what has synonyms.

use super::*;

const SYNONYMS: &str = "select coalesce(string_agg(synonym, ' ' order by synonym), '')
    from frontdesk.expand_synonyms('acme.example', 'kettle teapot')";
const FUSION: &str = "select method from frontdesk.search_fusion('acme.example')";
const FOUND: &str = "select count(*) from frontdesk.hybrid_search('acme.example', 'haus')";

/// ACME's member and its chat server, who have asked for all of that.
fn warm_searchers(db: &Database) -> [frontdesk_harness::Session; 2] {
    [ACME.person("member"), ACME.chat_server()].map(|who| {
        let mut session = db.session(&who);
        for _ in 0..2 {
            assert_eq!(session.row(SYNONYMS), "");
            session.run(FOUND);
        }
        session
    })
}

fn everybody_finds(sessions: &mut [frontdesk_harness::Session], synonyms: &str) {
    for session in sessions {
        assert_eq!(session.row(SYNONYMS), synonyms);
    }
}

#[test]
fn synonyms_are_used_from_the_next_statement_on() {
    let (db, mut client) = two_tenants();
    let mut sessions = warm_searchers(&db);
    client.run("select frontdesk.set_synonyms('acme.example', 'kettle', array['boiler'])");
    everybody_finds(&mut sessions, "boiler");
    client.run("select frontdesk.set_synonyms('globex.example', 'teapot', array['urn'])");
    everybody_finds(&mut sessions, "boiler");
    client.run("insert into global_synonym_mappings (term, synonyms) values ('teapot', '{pot}')");
    everybody_finds(&mut sessions, "boiler pot");
    client.run("delete from domain_synonym_mappings");
    everybody_finds(&mut sessions, "pot");
    client.run("update global_synonym_mappings set is_safe_for_all = false where term = 'teapot'");
    everybody_finds(&mut sessions, "");
}

#[test]
fn a_transaction_uses_the_synonyms_that_it_has_set_and_forgets_those_that_it_takes_back() {
    let (db, mut client) = two_tenants();
    let [mut member, _] = warm_searchers(&db);
    let set = "select frontdesk.set_synonyms('acme.example', 'kettle', array['boiler'])";
    for end in ["rollback", "savepoint s; rollback to s; rollback"] {
        member.run("begin");
        member.run(set);
        assert_eq!(member.row(SYNONYMS), "boiler");
        member.run(end);
        assert_eq!(member.row(SYNONYMS), "");
    }
    client.run("begin isolation level repeatable read");
    assert_eq!(client.row(SYNONYMS), "");
    member.run(set);
    assert_eq!(client.row(SYNONYMS), "");
    client.run("commit");
    assert_eq!(client.row(SYNONYMS), "boiler");
}

#[test]
fn where_there_are_many_synonyms_each_is_found() {
    let (db, mut client) = two_tenants();
    let mut sessions = warm_searchers(&db);
    client.run(&format!(
        "insert into domain_synonym_mappings (domain_id, term, synonyms)
         select '{}', case i when 1 then 'kettle' else 'term' || i end, array['boiler' || i] from generate_series(1, 5000) as i",
        ACME.config_id()
    ));
    everybody_finds(&mut sessions, "boiler1");
}

#[test]
fn a_domain_is_searched_as_it_is_set_from_the_next_statement_on() {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into scraped_pages (domain_id, url, title)
         select id, 'https://acme.example/haus', 'page' from domains where domain = 'acme.example';
         insert into page_embeddings (page_id, chunk_text)
         select id, 'Viele Häuser' from scraped_pages where url like '%/haus'",
    );
    let mut sessions = warm_searchers(&db);
    let mut member = db.session(&ACME.person("member"));
    let before = member.row(FUSION);
    client.run("select frontdesk.set_search_fusion('acme.example', 'rrf')");
    assert_ne!(before, "rrf");
    assert_eq!(member.row(FUSION), "rrf");
    for (language, found) in [("german", "1"), ("english", "0")] {
        client.run(&format!(
            "update domains set text_search_config = '{language}' where domain = 'acme.example'"
        ));
        for session in &mut sessions {
            assert_eq!(session.row(FOUND), found, "{language}");
        }
    }
    client.run("update domains set active = false where domain = 'acme.example'");
    for session in &mut sessions {
        assert!(session.batch_execute(FOUND).is_err());
    }
    client.run("update domains set active = true where domain = 'acme.example'");
    for session in &mut sessions {
        session.run(FOUND);
    }
}

/// Nobody's answer is kept for somebody else of the same session.
#[test]
fn a_kept_domain_is_that_of_its_caller() {
    let (db, mut client) = two_tenants();
    let resolve = "select count(*) from frontdesk.expand_synonyms('acme.example', 'kettle')";
    client.run(resolve);
    for (claims, is_found) in [
        (claims(ACME.user_id("member")), true),
        (claims(GLOBEX.user_id("owner")), false),
        (
            "select set_config('request.jwt.claims', '', false)".to_owned(),
            false,
        ),
    ] {
        client.run(&claims);
        client.run("set role authenticated");
        assert_eq!(client.batch_execute(resolve).is_ok(), is_found, "{claims}");
        client.run("reset role");
        client.run(resolve);
    }
    drop(db);
}
