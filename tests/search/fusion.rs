//! Two legs become one list: what each of them knows of every chunk counts, as the domain weighs it.

use super::*;

/// More chunks near the question than a leg has, and one that has its word but lies far from it.
fn one_worded_among_many_near(client: &mut Client) {
    acme(client, "worded", "Refund", Some("[0.6,0.8,0]"));
    acme(client, "near", "Text", Some("[1,0,0]"));
    client.run(
        "insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'Text ' || i, '[1,0.1,0]'
         from scraped_pages as p, generate_series(1, 250) as i
         where p.title = 'near'",
    );
}

#[test]
fn a_chunk_that_one_leg_found_has_its_score_from_the_other() {
    let (db, mut client) = two_tenants();
    one_worded_among_many_near(&mut client);
    let rows = member(&db).rows(
        "select distinct title, text_rank, text_score > 0, vector_rank is null, round(vector_score::numeric, 2)
         from frontdesk.hybrid_search('acme.example', 'refund', '[1,0,0]', 200)
         where title = 'worded' or vector_rank = 1",
    );
    assert_eq!(rows, ["near|null|f|f|1.00", "worded|1|t|t|0.60"]);
}

#[test]
fn asking_for_more_rows_does_not_change_the_first_under_any_fusion() {
    let (db, mut client) = two_tenants();
    one_worded_among_many_near(&mut client);
    let mut member = member(&db);
    for fusion in ["absolute", "min_max", "theoretical_min", "z_score", "rrf"] {
        let mut ids = |count| {
            member.rows(&format!(
                "select chunk_id, score from frontdesk.hybrid_search('acme.example', 'refund', '[1,0,0]', {count}, fusion => '{fusion}')"
            ))
        };
        let all = ids(200);
        assert_eq!(all.len(), 200, "{fusion}");
        assert_eq!(ids(7), all[..7], "{fusion}");
    }
}

#[test]
fn what_has_no_vector_yet_is_found_among_what_has() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "new", "How a refund is paid.", None);
    acme(
        &mut client,
        "old",
        "How a refund is paid.",
        Some("[1,0.2,0]"),
    );
    acme(
        &mut client,
        "far",
        "How a refund is paid.",
        Some("[-1,0.2,0]"),
    );
    acme(&mut client, "other", "Opening hours.", Some("[0.9,0.5,0]"));
    let mut member = member(&db);
    for fusion in ["absolute", "min_max", "theoretical_min"] {
        assert_eq!(
            found(
                &mut member,
                &format!("'refund paid', '[1,0,0]', fusion => '{fusion}'")
            )[..2],
            ["old", "new"],
            "{fusion}"
        );
    }
}

#[test]
fn what_a_question_excludes_is_not_found_by_its_vector_either() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "shoes", "Refunds of shoes", Some("[1,0,0]"));
    acme(&mut client, "hats", "Refunds of hats", Some("[0.9,0.1,0]"));
    assert_eq!(
        found(&mut member(&db), "'refunds -shoes', '[1,0,0]'"),
        ["hats"]
    );
}

#[test]
fn a_domain_is_weighed_as_its_members_set_it() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "words",
        "Refund refund refund",
        Some("[-1,0,0]"),
    );
    acme(&mut client, "vector", "Nothing of it", Some("[1,0,0]"));
    let search = "'refund', '[1,0,0]', 1";
    let mut member = member(&db);
    for (weight, first) in [("1", "words"), ("0", "vector")] {
        member.run(&format!(
            "select frontdesk.set_search_fusion('acme.example', 'min_max', {weight})"
        ));
        assert_eq!(found(&mut member, search), [first]);
    }
    assert_eq!(
        found(&mut member, &format!("{search}, text_weight => 1")),
        ["words"]
    );
    member.run("select frontdesk.set_search_fusion('acme.example', null)");
    assert_eq!(
        member.row("select * from frontdesk.search_fusion('acme.example')"),
        db.session(&GLOBEX.person("member"))
            .row("select * from frontdesk.search_fusion('globex.example')")
    );
    let set = "select frontdesk.set_search_fusion('acme.example', 'rrf')";
    for identity in [ACME.person("viewer"), GLOBEX.person("owner")] {
        assert_eq!(db.session(&identity).refusal(set), "P0002");
    }
    assert_eq!(db.session(&ACME.chat_server()).refusal(set), "42501");
}

#[test]
fn what_does_not_answer_is_told_by_its_confidence_and_can_be_left_out() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "refunds",
        "Refunds of a deposit take two weeks.",
        Some("[1,0.1,0]"),
    );
    acme(&mut client, "hours", "Open from nine.", Some("[0,0.1,1]"));
    let mut member = member(&db);
    assert_eq!(
        found(
            &mut member,
            "'refund of my deposit', '[1,0,0]', min_score => 0.5"
        ),
        ["refunds"]
    );
    let unanswerable = "'how do I breed zebras when they open', '[-0.1,1,0]'";
    assert!(found(&mut member, &format!("{unanswerable}, min_score => 0.5")).is_empty());
    assert_eq!(
        member.row(&format!(
            "select count(*) > 0, bool_and(search_confidence < 0.5), max(confidence) = max(search_confidence)
             from frontdesk.hybrid_search('acme.example', {unanswerable})"
        )),
        "t|t|t"
    );
}

#[test]
fn an_explanation_adds_up_to_the_scores_that_it_explains() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "one",
        "Refunds of a deposit.",
        Some("[1,0.1,0]"),
    );
    acme(&mut client, "two", "A deposit.", Some("[0.5,0.1,0]"));
    let sums = "select count(*) > 0,
            bool_and(abs(x.text - (r -> 'text' ->> 'score')::float8) < 1e-5),
            bool_and(abs(x.text - s.text_score) < 1e-5),
            bool_and(abs((r -> 'vector' ->> 'distance')::float8 - 1 + s.vector_score) < 1e-5),
            bool_and(abs(s.score - (r -> 'text' ->> 'normalised')::float8 * (r -> 'text' ->> 'weight')::float8
                - (r -> 'vector' ->> 'normalised')::float8 * (r -> 'vector' ->> 'weight')::float8) < 1e-5)
        from jsonb_array_elements(frontdesk.explain_search('acme.example', 'refund deposit', '[1,0,0]') -> 'results') as r
        cross join lateral (
            select sum((t ->> 'score')::float8) as text from jsonb_array_elements(r -> 'text' -> 'terms') as t
        ) as x
        join frontdesk.hybrid_search('acme.example', 'refund deposit', '[1,0,0]') as s
            on s.chunk_id = (r ->> 'chunk_id')::uuid";
    assert_eq!(member(&db).row(sums), "t|t|t|t|t");
}
