//! What visitors call things, and what pages call them.

use super::*;

fn set(client: &mut Client, term: &str, synonyms: &str, priority: i32) {
    client.run(&format!("select frontdesk.set_synonyms('acme.example', '{term}', array[{synonyms}]::text[], {priority})"));
}

/// `term>synonym>source>weight` of an expansion in ACME.
fn expansion(client: &mut Client, query: &str) -> Vec<String> {
    client.rows(&format!(
        "select concat_ws('>', term, synonym, source, weight) from frontdesk.expand_synonyms('acme.example', $q${query}$q$)"
    ))
}

#[test]
fn a_synonym_finds_what_the_word_does_not() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "literal", "Our couch.", None);
    acme(&mut client, "synonym", "A corner sofa for your den.", None);
    let mut member = member(&db);
    assert_eq!(found(&mut member, "'couch'"), ["literal"]);
    set(&mut member, "couch", "'sofa', 'corner sofa'", 0);
    assert_eq!(found(&mut member, "'Couch?'"), ["literal", "synonym"]);
}

#[test]
fn the_domains_entry_hides_the_global_one_of_the_same_term() {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into global_synonym_mappings (term, synonyms, is_safe_for_all)
         values ('couch', array['settee'], true), ('lorry', array['truck'], true), ('risky', array['danger'], false)",
    );
    let mut member = member(&db);
    assert_eq!(
        expansion(&mut member, "couch lorry risky"),
        ["couch>settee>global>0.5", "lorry>truck>global>0.5"]
    );
    set(&mut member, "Couch", "'sofa'", 0);
    assert_eq!(
        expansion(&mut member, "couch lorry"),
        ["couch>sofa>domain>0.6", "lorry>truck>global>0.5"]
    );
    assert_eq!(
        expansion(&mut db.session(&ACME.chat_server()), "couch"),
        ["couch>sofa>domain>0.6"]
    );
    set(&mut member, " COUCH ", "", 0);
    assert_eq!(expansion(&mut member, "couch"), ["couch>settee>global>0.5"]);
}

#[test]
fn the_longest_term_wins_and_names_with_punctuation_are_terms() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    for (term, synonym) in [
        ("hours", "time"),
        ("opening hours", "business hours"),
        ("c", "see"),
        ("c++", "cpp"),
        ("c#", "csharp"),
        (".net", "dotnet"),
        ("x-100", "x hundred"),
        ("don''t", "do not"),
    ] {
        set(&mut member, term, &format!("'{synonym}'"), 0);
    }
    let synonyms = |member: &mut Client, query: &str| -> Vec<String> {
        expansion(member, query)
            .iter()
            .filter_map(|line| line.split('>').nth(1).map(str::to_owned))
            .collect()
    };
    for (query, expected) in [
        ("Opening   HOURS?", vec!["business hours"]),
        ("hours", vec!["time"]),
        (
            "Do you teach C++ and C# on .NET?",
            vec!["cpp", "csharp", "dotnet"],
        ),
        ("vitamin c", vec!["see"]),
        ("cc c+", vec![]),
        ("the x-100's price", vec!["x hundred"]),
        ("x-1000", vec![]),
        ("I don't", vec!["do not"]),
        // NFKC: full-width letters are letters.
        ("\u{ff48}ours", vec!["time"]),
        ("hours hours hours", vec!["time"]),
    ] {
        assert_eq!(synonyms(&mut member, query), expected, "{query}");
    }
}

#[test]
fn terms_of_a_higher_priority_come_first() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    for (term, priority) in [("low", -1), ("usual", 0), ("high", 5)] {
        set(&mut member, term, &format!("'{term} synonym'"), priority);
    }
    let terms: Vec<String> = expansion(&mut member, "low usual high");
    assert_eq!(
        terms,
        [
            "high>high synonym>domain>0.6",
            "usual>usual synonym>domain>0.6",
            "low>low synonym>domain>0.6"
        ]
    );
}

#[test]
fn a_change_acts_at_once_and_is_undone_with_its_transaction() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    member.run("begin");
    set(&mut member, "couch", "'sofa'", 0);
    assert_eq!(expansion(&mut member, "couch").len(), 1);
    member.run("rollback");
    assert!(expansion(&mut member, "couch").is_empty());
}

#[test]
fn only_members_set_synonyms() {
    let (db, mut client) = two_tenants();
    let call = "select frontdesk.set_synonyms('acme.example', 'couch', array['sofa'])";
    for identity in [ACME.person("viewer"), GLOBEX.person("owner")] {
        assert_eq!(db.session(&identity).refusal(call), "P0002", "{identity:?}");
    }
    for identity in [ACME.chat_server(), frontdesk_harness::Identity::Anon] {
        assert_eq!(db.session(&identity).refusal(call), "42501", "{identity:?}");
    }
    assert_eq!(
        client.row("select count(*) from domain_synonym_mappings where term = 'couch'"),
        "0"
    );
}

#[test]
fn what_is_no_synonym_is_refused() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let before = frontdesk_harness::contents(&mut client);
    let long = "x".repeat(201);
    for (arguments, state) in [
        ("null, array['a']".to_owned(), "22004"),
        ("'a', null".to_owned(), "22004"),
        ("'a', array['b', null]".to_owned(), "22004"),
        ("'a', array['b'], null".to_owned(), "22004"),
        ("'', array['b']".to_owned(), "23514"),
        ("' ', array['b']".to_owned(), "23514"),
        ("'a', array['A', ' a ']".to_owned(), "23514"),
        (format!("'{long}', array['b']"), "22023"),
        (format!("'a', array['{long}']"), "22023"),
        (
            "'a', (select array_agg('s' || i) from generate_series(1, 101) as i)".to_owned(),
            "22023",
        ),
    ] {
        let call = format!("select frontdesk.set_synonyms('acme.example', {arguments})");
        assert_eq!(member.refusal(&call), state, "{arguments}");
    }
    assert_eq!(frontdesk_harness::contents(&mut client), before);
}
