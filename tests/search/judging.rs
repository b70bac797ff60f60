//! Search is tuned by what people have judged, and tells what it could not answer.

use super::*;

/// Pages that words tell apart and vectors mislead about.
fn misleading_vectors(client: &mut Client) -> String {
    let words = ["refund", "delivery", "warranty", "invoice"];
    for (place, word) in words.iter().enumerate() {
        acme(client, word, &format!("About {word}."), Some(&axis(place)));
    }
    let judged: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            let page = client.row(&format!(
                "select id from scraped_pages where title = '{word}'"
            ));
            let other = axis((place + 1) % words.len());
            format!(r#"{{"text": "{word}", "embedding": "{other}", "relevant": ["{page}"]}}"#)
        })
        .collect();
    format!("[{}]", judged.join(","))
}

/// Four directions, each as far from the others.
fn axis(place: usize) -> String {
    ["[1,1,1]", "[1,-1,-1]", "[-1,1,-1]", "[-1,-1,1]"][place].into()
}

#[test]
fn tuning_proposes_what_is_better_and_changes_nothing_unless_told() {
    let (db, mut client) = two_tenants();
    let judged = misleading_vectors(&mut client);
    let mut member = member(&db);
    let setting = "select * from frontdesk.search_fusion('acme.example')";
    member.run("select frontdesk.set_search_fusion('acme.example', 'min_max', 0.1)");
    let tune = |apply| {
        format!(
            "select text_weight > 0.1, ndcg_before < 0.9, ndcg_after > ndcg_before, questions, applied
             from frontdesk.tune_search('acme.example', '{judged}', {apply})"
        )
    };
    assert_eq!(member.row(&tune("false")), "t|t|t|4|f");
    assert_eq!(member.row(setting), "min_max|0.1");
    assert_eq!(member.row(&tune("true")), "t|t|t|4|t");
    assert_ne!(member.row(setting), "min_max|0.1");
}

#[test]
fn a_viewer_may_ask_what_tuning_would_give_and_not_apply_it() {
    let (db, mut client) = two_tenants();
    let judged = misleading_vectors(&mut client);
    client.run("select frontdesk.set_search_fusion('acme.example', 'min_max', 0.1)");
    let mut viewer = db.session(&ACME.person("viewer"));
    let tune = format!("select * from frontdesk.tune_search('acme.example', '{judged}'");
    assert_eq!(viewer.rows(&format!("{tune})")).len(), 1);
    assert_eq!(viewer.refusal(&format!("{tune}, true)")), "P0002");
}

#[test]
fn questions_that_found_nothing_are_listed_to_those_who_may_read_them() {
    let (db, mut client) = two_tenants();
    client.run(
        "with visit as (
            insert into conversations (domain_id, session_id)
            select d.id, 'visit of ' || d.domain from domains as d where d.domain in ('acme.example', 'globex.example')
            returning id, session_id
        )
        insert into messages (conversation_id, role, content, metadata)
        select v.id, m.role, m.content || v.session_id, m.metadata::jsonb
        from visit as v, (values
            (1, 'user', 'Zebras? ', '{}'), (2, 'assistant', 'Sorry. ', '{\"search_confidence\": 0.1}'),
            (3, 'user', 'Refunds? ', '{}'), (4, 'assistant', 'Two weeks. ', '{\"search_confidence\": 0.9}'),
            (5, 'user', 'Hello ', '{}'), (6, 'assistant', 'Hello. ', '{\"search_confidence\": \"none\"}')
        ) as m (place, role, content, metadata)
        order by m.place",
    );
    let listed =
        "select question, search_confidence from frontdesk.unanswered_questions('acme.example')";
    for identity in [ACME.person("viewer"), ACME.person("owner")] {
        assert_eq!(
            db.session(&identity).rows(listed),
            ["Zebras? visit of acme.example|0.1"]
        );
    }
    assert_eq!(db.session(&GLOBEX.person("owner")).refusal(listed), "P0002");
}
