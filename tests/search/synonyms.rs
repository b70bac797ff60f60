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

#[test]
fn a_synonym_in_the_query_finds_the_term_unless_the_entry_is_one_way() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    set(&mut member, "couch", "'sofa', 'corner sofa'", 0);
    member.run(
        "select frontdesk.set_synonyms('acme.example', 'seat', array['chair'], one_way => true)",
    );
    assert_eq!(expansion(&mut member, "a sofa"), ["sofa>couch>domain>0.6"]);
    assert_eq!(
        expansion(&mut member, "a corner sofa"),
        ["corner sofa>couch>domain>0.6"]
    );
    assert_eq!(expansion(&mut member, "seat"), ["seat>chair>domain>0.6"]);
    assert!(expansion(&mut member, "chair").is_empty());
}

#[test]
fn nothing_is_followed_further() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    set(&mut member, "aaa", "'bbb'", 0);
    set(&mut member, "bbb", "'ccc'", 0);
    set(&mut member, "ccc", "'ddd'", 0);
    assert_eq!(expansion(&mut member, "aaa"), ["aaa>bbb>domain>0.6"]);
    assert_eq!(
        expansion(&mut member, "ccc"),
        ["ccc>ddd>domain>0.6", "ccc>bbb>domain>0.6"]
    );
}

#[test]
fn everybodys_entry_of_a_term_that_the_domain_has_does_not_work_backwards() {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into global_synonym_mappings (term, synonyms) values ('lorry', array['truck'])",
    );
    let mut member = member(&db);
    assert_eq!(expansion(&mut member, "truck"), ["truck>lorry>global>0.5"]);
    set(&mut member, "lorry", "'juggernaut'", 0);
    assert!(expansion(&mut member, "truck").is_empty());
}

/// Words that are terms and synonyms of each other, alone and in twos.
const NAMES: [&str; 10] = [
    "ka", "lo", "mi", "nu", "ka lo", "lo mi", "mi nu ka", "c++", "ka c++", "x-1",
];

/// The rule by brute force: at each word of the query the longest name that stands there, then every entry that has it.
const NAIVE: &str = "
    with recursive entries as (
        select d.term, d.synonyms, d.one_way, 'domain' as source from domain_synonym_mappings as d
        where d.domain_id = (select config_id from frontdesk.resolve_domain('acme.example'))
        union all
        select g.term, g.synonyms, g.one_way, 'global' from global_synonym_mappings as g
        where g.is_safe_for_all
    ),
    names as (
        select distinct unnest(array[e.term] || case when e.one_way then '{}' else e.synonyms end) as name from entries as e
        where e.source = 'domain' or e.term not in (select o.term from entries as o where o.source = 'domain')
        union
        select distinct e.term from entries as e
    ),
    walk (rest, name) as (
        select $q${query}$q$::text || ' ', null::text
        union all
        select case when hit.name is null then substr(w.rest, strpos(w.rest, ' ') + 1) else substr(w.rest, length(hit.name) + 2) end,
            hit.name
        from walk as w
        left join lateral (
            select n.name from names as n where starts_with(w.rest, n.name || ' ') order by length(n.name) desc limit 1
        ) as hit on true
        where w.rest <> ''
    ),
    known as (
        select e.term as name, s.other, e.source from entries as e, unnest(e.synonyms) as s (other)
        union
        select s.other, e.term, e.source from entries as e, unnest(e.synonyms) as s (other)
        where not e.one_way
            and (e.source = 'domain' or e.term not in (select o.term from entries as o where o.source = 'domain'))
    )
    select distinct concat_ws('>', k.name, k.other, k.source)
    from walk as w join known as k on k.name = w.name
    where k.source = 'domain' or not exists (select from known as o where o.name = k.name and o.source = 'domain')
    order by 1";

#[test]
fn an_expansion_is_what_a_look_at_every_entry_finds() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    client.run("delete from global_synonym_mappings; select setseed(0.5)");
    let config = ACME.config_id();
    let names = format!("array['{}']", NAMES.join("','"));
    for round in 0..60 {
        client.run(&format!(
            "delete from global_synonym_mappings; delete from domain_synonym_mappings where domain_id = '{config}';
             create or replace function pg_temp.some(n int) returns text[] language sql volatile as
                 'select array(select x from unnest({quoted}) as x order by random() limit n)';
             insert into domain_synonym_mappings (domain_id, term, synonyms, one_way)
             select '{config}', name, array_remove(pg_temp.some(3), name), random() < 0.3 from unnest(pg_temp.some({round} % 5)) as name;
             insert into global_synonym_mappings (term, synonyms, one_way, is_safe_for_all)
             select name, array_remove(pg_temp.some(3), name), random() < 0.3, random() < 0.8 from unnest(pg_temp.some(3)) as name",
            quoted = names.replace('\'', "''"),
        ));
        let query = client.row("select array_to_string(pg_temp.some(6) || pg_temp.some(4), ' ')");
        let expected = client.rows(&NAIVE.replace("{query}", &query));
        let found = member.rows(&format!(
            "select concat_ws('>', term, synonym, source) from frontdesk.expand_synonyms('acme.example', $q${query}$q$) order by 1"
        ));
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn ten_thousand_terms_are_looked_up_by_index() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "insert into domain_synonym_mappings (domain_id, term, synonyms)
         select '{}', 'term ' || i, array['name ' || i, 'other ' || i] from generate_series(1, 10000) as i;
         analyze domain_synonym_mappings",
        ACME.config_id()
    ));
    assert_eq!(
        expansion(&mut client, "which term 77 is name 5000 of"),
        [
            "term 77>name 77>domain>0.6",
            "term 77>other 77>domain>0.6",
            "name 5000>term 5000>domain>0.6"
        ]
    );
    let plan = |client: &mut Client, condition: &str| {
        client.rows(&format!(
            "explain select from domain_synonym_mappings as d where d.domain_id = '{}' and {condition}",
            ACME.config_id()
        ))
    };
    for (condition, index) in [
        (
            "d.term = any (array['term 77', 'is'])",
            "domain_synonym_mappings_domain_id_term_key",
        ),
        (
            "d.synonyms && array['term 77', 'is'] and not d.one_way",
            "idx_domain_synonyms_backwards",
        ),
    ] {
        let plan = plan(&mut client, condition).concat();
        assert!(plan.contains(index), "{plan}");
    }
}

const FILE: &str =
    "# colours\n\nRed, crimson,  Scarlet\nblue => azure, navy\n\\#1\\, best => first";

#[test]
fn a_synonym_file_is_imported_and_counted() {
    let (db, _) = two_tenants();
    let mut member = member(&db);
    member.run("select frontdesk.set_synonyms('acme.example', 'refund', array[]::text[])");
    set(&mut member, "old", "'ancient'", 0);
    set(&mut member, "blue", "'sky'", 0);
    let import = |member: &mut Client, mode: &str| {
        member.row(&format!(
            "select added, changed, unchanged, removed from frontdesk.import_synonyms('acme.example', $f${FILE}$f$, '{mode}')"
        ))
    };
    assert_eq!(import(&mut member, "merge"), "4|1|0|0");
    assert_eq!(import(&mut member, "merge"), "0|0|5|0");
    assert_eq!(import(&mut member, "replace"), "0|0|5|1");
    assert_eq!(
        expansion(&mut member, "scarlet and blue, azure, #1, best"),
        [
            "scarlet>red>domain>0.6",
            "scarlet>crimson>domain>0.6",
            "blue>azure>domain>0.6",
            "blue>navy>domain>0.6",
            "#1, best>first>domain>0.6"
        ]
    );
}

#[test]
fn a_file_with_a_mistake_changes_nothing_and_names_its_line() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let before = frontdesk_harness::contents(&mut client);
    let call = |text: &str| {
        format!("select * from frontdesk.import_synonyms('acme.example', E'{text}', 'replace')")
    };
    let error = member
        .batch_execute(&call("a, b\\nb => c => d"))
        .expect_err("refused");
    let error = error.as_db_error().expect("of the server");
    assert_eq!(error.message(), "line 2: a rule has at most one =>");
    assert_eq!(error.code().code(), "22023");
    for (call, state) in [
        (call("a,,b"), "22023"),
        (
            "select * from frontdesk.import_synonyms('acme.example', 'a, b', 'add')".into(),
            "22023",
        ),
        (
            "select * from frontdesk.import_synonyms('acme.example', null)".into(),
            "22004",
        ),
        (
            "select * from frontdesk.import_synonyms('acme.example', 'a, b', null)".into(),
            "22004",
        ),
        (
            "select * from frontdesk.import_synonyms('acme.example', repeat('x', 4000001))".into(),
            "54000",
        ),
    ] {
        assert_eq!(member.refusal(&call), state, "{call}");
    }
    assert_eq!(frontdesk_harness::contents(&mut client), before);
}

#[test]
fn what_is_exported_expands_every_query_as_before() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    client.run("insert into global_synonym_mappings (term, synonyms) values ('lorry', array['truck', 'van'])");
    member.run(&format!(
        "select frontdesk.import_synonyms('acme.example', $f${FILE}$f$, 'replace')"
    ));
    set(&mut member, "van", "'minibus', 'a, b'", 3);
    set(&mut member, "bus", "'minibus'", 0);
    member.run(
        "select frontdesk.set_synonyms('acme.example', 'seat', array['chair'], one_way => true)",
    );
    let queries = [
        "van lorry truck",
        "minibus",
        "a, b",
        "red",
        "crimson blue",
        "seat chair",
        "#1, best bus",
    ];
    let expand = |member: &mut Client| {
        queries.map(|query| {
            let mut lines = expansion(member, query);
            lines.sort();
            lines
        })
    };
    let export = "select frontdesk.export_synonyms('acme.example')";
    let before = expand(&mut member);
    let file = member.row(export);
    member.run(&format!(
        "select frontdesk.import_synonyms('acme.example', $f${file}$f$, 'replace')"
    ));
    assert_eq!(expand(&mut member), before);
    assert_eq!(member.row(export), file);
}

/// `times` times these words and others, always as many words.
fn text_about(words: &str, times: usize, length: usize) -> String {
    const MOST_WORDS: usize = 4;
    let others = length + times * (MOST_WORDS - words.split(' ').count());
    format!(
        "{}{}",
        format!("{words} ").repeat(times),
        "filler ".repeat(others)
    )
}

#[test]
fn a_chunk_with_only_a_synonym_never_beats_one_with_the_word_itself() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    set(&mut member, "couch", "'sofa', 'corner seat'", 0);
    set(
        &mut member,
        "opening hours",
        "'business time', 'schedule'",
        0,
    );
    // The words are common, their synonyms rare: by their own inverse document frequency synonyms would come first.
    for common in 0..12 {
        let text = format!(
            "couch {common} opening {common} hours {}",
            "other ".repeat(60)
        );
        acme(&mut client, &format!("common {common}"), &text, None);
    }
    for (question, literal, synonyms) in [
        ("couch", "couch", ["sofa", "corner seat"]),
        (
            "the opening hours",
            "opening hours",
            ["business time", "schedule"],
        ),
        (
            "opening hours couch",
            "couch opening hours",
            ["sofa business time", "corner seat schedule"],
        ),
    ] {
        for (times, length) in [(1, 0), (1, 40), (3, 0), (5, 20)] {
            acme(
                &mut client,
                "literal",
                &text_about(literal, times, length),
                None,
            );
            for (number, words) in synonyms.iter().enumerate() {
                acme(
                    &mut client,
                    &format!("synonym {number}"),
                    &text_about(words, times, length),
                    None,
                );
            }
            let order = found(&mut member, &format!("'{question}', null, 200"));
            let place = |title: &str| order.iter().position(|found| found == title);
            let literal = place("literal").expect("the word itself is found");
            for synonym in ["synonym 0", "synonym 1"] {
                let synonym = place(synonym).expect("a synonym is found");
                assert!(literal < synonym, "{question}, {times} times: {order:?}");
            }
        }
    }
}
