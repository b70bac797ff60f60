//! Entities and pages are found by what they are called, in one tenant.

use super::*;

fn two_catalogs() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(
        "delete from entity_catalog;
         insert into entity_catalog (domain_id, entity_type, primary_identifier, name, description, price, is_available, attributes)
         select d.id, e.kind, e.code, e.name, e.description, e.price, e.price < 50, e.attributes
         from domains as d,
            (values ('product', 'KT-100', 'Copper kettle', 'Boils a litre of water', 40, '{\"colour\": \"red\"}'::jsonb),
                ('product', 'KT-200', 'Steel kettle', 'Whistles', 60, '{\"colour\": \"grey\"}'),
                ('course', 'C-1', 'Brewing tea', 'How to use a kettle', 20, '{}')) as e (kind, code, name, description, price, attributes)",
    );
    for page in ["returns", "shipping"] {
        acme(
            &mut client,
            page,
            &format!("All about {page} of kettles."),
            None,
        );
    }
    store(
        &mut client,
        "globex.example",
        "returns",
        "All about returns.",
        None,
    );
    (db, client)
}

fn entities(client: &mut Client, arguments: &str) -> Vec<String> {
    client.rows(&format!(
        "select name from frontdesk.search_entities('acme.example', {arguments})"
    ))
}

fn pages(client: &mut Client, arguments: &str) -> Vec<String> {
    client.rows(&format!(
        "select title from frontdesk.search_pages('acme.example', {arguments})"
    ))
}

#[test]
fn an_identifier_comes_before_words_and_words_before_similar_names() {
    let (db, _) = two_catalogs();
    let mut member = member(&db);
    assert_eq!(entities(&mut member, "'kt-200'")[0], "Steel kettle");
    assert_eq!(
        entities(&mut member, "'copper kettles'")[0],
        "Copper kettle"
    );
    assert_eq!(entities(&mut member, "'kettle'").len(), 3);
    assert_eq!(entities(&mut member, "'Coper ketle'"), ["Copper kettle"]);
    assert_eq!(entities(&mut member, "'the'"), Vec::<String>::new());
}

#[test]
fn filters_narrow_what_is_found() {
    let (db, _) = two_catalogs();
    let mut member = member(&db);
    for (filter, expected) in [
        ("wanted_type => 'course'", "Brewing tea"),
        ("min_price => 50", "Steel kettle"),
        ("max_price => 20", "Brewing tea"),
        ("wanted_available => false", "Steel kettle"),
        (
            "wanted_attributes => '{\"colour\": \"red\"}'",
            "Copper kettle",
        ),
    ] {
        assert_eq!(
            entities(&mut member, &format!("'kettle', {filter}")),
            [expected],
            "{filter}"
        );
    }
    assert_eq!(entities(&mut member, "'kettle', 1").len(), 1);
}

#[test]
fn pages_are_found_by_words_and_by_titles_that_are_nearly_right() {
    let (db, mut client) = two_catalogs();
    let mut member = member(&db);
    assert_eq!(pages(&mut member, "'returned'"), ["returns"]);
    assert_eq!(pages(&mut member, "'shiping'"), ["shipping"]);
    assert_eq!(pages(&mut member, "'kettle returns', 1"), ["returns"]);
    client.run("update scraped_pages set status = 'deleted' where title = 'returns'");
    assert_eq!(pages(&mut member, "'returned'"), Vec::<String>::new());
}

#[test]
fn a_catalog_is_searched_by_its_own_people_only() {
    let (db, _) = two_catalogs();
    for call in [
        "search_entities('acme.example', 'kettle')",
        "search_pages('acme.example', 'returns')",
    ] {
        let sql = format!("select count(*) > 0 from frontdesk.{call}");
        for own in [ACME.person("viewer"), ACME.chat_server()] {
            assert_eq!(db.session(&own).row(&sql), "t", "{call}");
        }
        for stranger in [GLOBEX.person("owner"), GLOBEX.chat_server()] {
            assert_eq!(db.session(&stranger).refusal(&sql), "P0002", "{call}");
        }
    }
    let mut stranger = db.session(&GLOBEX.person("owner"));
    for scan in [
        "scan_entities('{id}', 'kettle', 10, null, null, null, null, null)",
        "scan_pages('{id}', 'returns', 10)",
    ] {
        let scan = scan.replace("{id}", &ACME.domain_id().to_string());
        assert_eq!(
            stranger.row(&format!("select count(*) from frontdesk.{scan}")),
            "0",
            "{scan}"
        );
    }
}

#[test]
fn bad_arguments_are_refused() {
    let (db, mut client) = two_catalogs();
    let mut member = member(&db);
    for function in ["search_entities", "search_pages"] {
        for (arguments, expected) in [
            ("null, 'q'", "22004"),
            ("'acme.example', null", "22004"),
            ("'acme.example', 'q', 0", "22023"),
            ("'acme.example', 'q', 201", "22023"),
            ("'acme.example', repeat('q', 100001)", "54000"),
            ("'nowhere.example', 'q'", "P0002"),
        ] {
            let call = format!("select * from frontdesk.{function}({arguments})");
            assert_eq!(member.refusal(&call), expected, "{call}");
        }
    }
    client.run("update domains set active = false where domain = 'acme.example'");
    assert_eq!(
        member.refusal("select * from frontdesk.search_pages('acme.example', 'q')"),
        "55000"
    );
}
