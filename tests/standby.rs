//! A hot standby answers searches as the server that it follows does.

use frontdesk_harness::{ACME, Database, GLOBEX, Sql, Standby};

#[test]
fn a_standby_searches_and_reads_caches_as_its_primary_does() {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    client.run("select frontdesk.set_embedding_model('text-embedding-3-small', 1536); analyze");
    let vector = "(select array_agg(sin(2 * x)) from generate_series(1, 1536) as x)::vector";
    let searches = [
        format!(
            "select chunk_text, round(score::numeric, 4) from frontdesk.hybrid_search('acme.example', 'refunds', {vector})"
        ),
        "select name from frontdesk.search_entities('acme.example', 'kettle')".into(),
        "select title from frontdesk.search_pages('acme.example', 'refunds')".into(),
        "select term, synonym from frontdesk.expand_synonyms('acme.example', 'refund')".into(),
        "select results from frontdesk.cache_get('acme.example', 'q')".into(),
    ];
    let mut primary = db.session(&ACME.chat_server());
    let put = "select frontdesk.cache_put('acme.example', cache_key, '[1]') from frontdesk.cache_get('acme.example', 'q')";
    assert_eq!(primary.row(put), "t");

    let standby = Standby::start();
    let mut reader = standby.session(&db, &ACME.chat_server());
    assert_eq!(reader.row("select pg_is_in_recovery()"), "t");
    for route in crate::search::ROUTES {
        for session in [&mut primary, &mut reader] {
            session.run(route);
        }
        for search in &searches {
            let expected = primary.rows(search);
            assert!(!expected.is_empty(), "{search}");
            assert_eq!(reader.rows(search), expected, "{search}");
        }
    }
    assert_eq!(reader.row(put), "f");

    // What changes on the primary is not served from the standby's cache.
    reader.run("reset frontdesk.exact_search_limit; reset frontdesk.code_search_limit");
    assert_eq!(reader.row(&searches[4]), "[1]");
    client
        .run("update scraped_pages set content = 'new' where url = 'https://acme.example/page/1'");
    let mut reader = standby.session(&db, &ACME.chat_server());
    assert_eq!(reader.row(&searches[4]), "null");
    let stranger = "select * from frontdesk.hybrid_search('acme.example', 'refunds')";
    assert_eq!(
        standby
            .session(&db, &GLOBEX.chat_server())
            .refusal(stranger),
        "P0002"
    );
}
