//! A chunk that only one leg found has the score of the other all the same, wherever that is read.

use super::*;

/// ACME with so many chunks, all about refunds, of which some are about deposits or kettles besides; the nearest to `[1,0,0]` are
/// not those with the best words. The last ones are changed again, few enough to wait beside the index.
fn chunks_about_refunds(count: u32) -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://acme.example/all', 'All', 'text', 'completed' from domains as d where d.domain = 'acme.example';
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id,
            repeat('refund ', 1 + i % 7) || repeat('deposit ', i % 3) || repeat('other ', i % 11)
                || case when i % 5 = 0 then 'kettle' else 'old age' end,
            array[cos(i), sin(i), 0.1]::vector
         from scraped_pages as p, generate_series(1, {count}) as i where p.url = 'https://acme.example/all';
         select frontdesk.run_maintenance();
         update page_embeddings set chunk_text = chunk_text || ' deposit'
         where id in (select id from page_embeddings order by embedding <=> '[1,0,0]' limit 5);
         analyze"
    ));
    (db, client)
}

/// How many chunks only vectors found, and how many of those have another score than their words add up to.
fn wrong_scores(client: &mut Client, question: &str) -> String {
    client.row(&format!(
        "select count(*) > 10, count(*) filter (where abs(s.text_score - coalesce(x.text, 0)) > 1e-5)
         from frontdesk.hybrid_search('acme.example', '{question}', '[1,0,0]', 200, text_weight => 0) as s
         join jsonb_array_elements(
            frontdesk.explain_search('acme.example', '{question}', '[1,0,0]', 200, text_weight => 0) -> 'results'
         ) as r on s.chunk_id = (r ->> 'chunk_id')::uuid
         cross join lateral (
            select sum((t ->> 'score')::float8) as text from jsonb_array_elements(r -> 'text' -> 'terms') as t
         ) as x
         where s.text_rank is null"
    ))
}

#[test]
fn what_only_vectors_find_has_the_score_of_its_words() {
    for count in [600, 2_500] {
        let (db, _client) = chunks_about_refunds(count);
        let mut member = member(&db);
        for question in [
            "refund deposit",
            "\"old age\" refund",
            "refund -kettle",
            "refund dep*",
        ] {
            assert_eq!(wrong_scores(&mut member, question), "t|0", "{question}");
        }
    }
}

#[test]
fn what_only_words_find_has_the_similarity_of_its_vector() {
    for count in [600, 2_500] {
        let (db, _client) = chunks_about_refunds(count);
        let wrong = "select count(*) > 10, count(*) filter (where abs(s.vector_score - 1 + (e.embedding <=> '[1,0,0]')) > 0.0005)
             from frontdesk.hybrid_search('acme.example', 'deposit kettle', '[1,0,0]', 200, text_weight => 1) as s
             join page_embeddings as e on e.id = s.chunk_id
             where s.vector_rank is null";
        assert_eq!(member(&db).row(wrong), "t|0");
    }
}

#[test]
fn a_vector_that_cannot_be_compared_is_refused() {
    let (db, _client) = two_tenants();
    let mut member = member(&db);
    for (vector, message) in [
        (
            "[1,0]",
            "query_embedding has 2 dimensions, the embedding model has 3",
        ),
        (
            "[0,0,0]",
            "query_embedding has no usable direction: its length is zero or out of range",
        ),
        (
            "[1e-30,0,0]",
            "query_embedding has no usable direction: its length is zero or out of range",
        ),
    ] {
        let search =
            format!("select * from frontdesk.hybrid_search('acme.example', 'refund', '{vector}')");
        let error = member.batch_execute(&search).expect_err("refused");
        let error = error.as_db_error().expect("an error of the server");
        assert_eq!((error.code().code(), error.message()), ("22023", message));
    }
}

#[test]
fn what_a_question_excludes_is_not_found_by_its_vector_either() {
    let (db, _client) = chunks_about_refunds(600);
    let found = "select count(*) > 100, count(*) filter (where s.chunk_text like '%kettle%'),
            count(*) filter (where s.chunk_text not like '%old age%')
         from frontdesk.hybrid_search('acme.example', '\"old age\" refund -kettle', '[1,0,0]', 200, text_weight => 0) as s";
    assert_eq!(member(&db).row(found), "t|0|0");
}

#[test]
fn what_a_policy_hides_is_not_found_by_its_vector_either() {
    let (db, mut client) = chunks_about_refunds(600);
    client.run(
        "create policy \"no kettles\" on page_embeddings as restrictive for select to authenticated
         using (chunk_text not like '%kettle%')",
    );
    let found = "select count(*) > 100, count(*) filter (where s.chunk_text like '%kettle%'), max(s.text_rank) <= 200
         from frontdesk.hybrid_search('acme.example', 'refund deposit', '[1,0,0]', 200) as s";
    assert_eq!(member(&db).row(found), "t|0|t");
}

#[test]
fn a_policy_that_hides_the_nearest_leaves_the_nearest_of_the_others() {
    let (db, mut client) = chunks_about_refunds(600);
    // The tenth of those that are left, but for the half precision of the copies.
    let farthest = client.row(
        "select (e.embedding <=> '[1,0,0]') + 0.001
         from page_embeddings as e
         where e.embedding <=> '[1,0,0]' > 0.8
         order by 1
         offset 9
         limit 1",
    );
    client.run(
        "create policy far on page_embeddings as restrictive for select to authenticated
         using (embedding <=> '[1,0,0]' > 0.8)",
    );
    let shown =
        "select s.chunk_id from frontdesk.hybrid_search('acme.example', null, '[1,0,0]') as s";
    let explained = "select (r ->> 'chunk_id')::uuid
         from jsonb_path_query(frontdesk.explain_search('acme.example', null, '[1,0,0]'), '$.results[*]') as r";
    let mut member = member(&db);
    for route in ROUTES {
        member.run(route);
        for found in [shown, explained] {
            let nearest = format!(
                "select count(*), bool_and(e.embedding <=> '[1,0,0]' < {farthest})
                 from ({found}) as f (id)
                 join page_embeddings as e on e.id = f.id"
            );
            assert_eq!(member.row(&nearest), "10|t", "{route}");
        }
    }
}

/// The ten best chunks of those that fulfil a condition, out of so many rows.
fn ten_best(client: &mut Client, condition: &str, rows: u32) -> String {
    client.row(&format!(
        "select array_agg(f.chunk_id order by f.score desc, f.chunk_id)
         from (
            select s.chunk_id, s.score
            from (
                select h.chunk_id, h.score
                from frontdesk.hybrid_search('acme.example', 'refund deposit', match_count => {rows}) as h
            ) as s
            join page_embeddings on id = s.chunk_id
            where {condition}
            order by s.score desc, s.chunk_id
            limit 10
         ) as f"
    ))
}

#[test]
fn whatever_a_policy_looks_at_the_rows_below_those_that_it_hides_move_up() {
    let (db, mut client) = chunks_about_refunds(600);
    let mut member = member(&db);
    let ranks = "select array_agg(s.text_rank) from frontdesk.hybrid_search('acme.example', 'refund deposit') as s";
    for hides in [
        "chunk_text like '%kettle%'",
        "(select chunk_text like '%kettle%')",
        "exists (select from scraped_pages as p where p.id = page_id and chunk_text like '%kettle%')",
        "page_embeddings::text like '%kettle%'",
        "random() > 2 or chunk_text like '%kettle%'",
    ] {
        let expected = ten_best(&mut client, &format!("not ({hides})"), 200);
        let unhidden = ten_best(&mut client, "true", 200);
        client.run(&format!(
            "create policy kettles on page_embeddings as restrictive for select to authenticated using (not ({hides}))"
        ));
        assert_eq!(ten_best(&mut member, "true", 10), expected, "{hides}");
        assert_eq!(member.row(ranks), "{1,2,3,4,5,6,7,8,9,10}", "{hides}");
        assert_ne!(expected, unhidden);
        client.run("drop policy kettles on page_embeddings");
    }
}

#[test]
fn a_policy_that_hides_a_domain_hides_all_of_it() {
    let (db, mut client) = chunks_about_refunds(100);
    client.run(
        "create policy closed on page_embeddings as restrictive for select to authenticated
         using (domain_id not in (select c.id from customer_configs as c))",
    );
    let found =
        "select count(*) from frontdesk.hybrid_search('acme.example', 'refund deposit', '[1,0,0]')";
    let explained = "select jsonb_path_query_array(frontdesk.explain_search('acme.example', 'refund deposit'), '$.results[*]')";
    let mut member = member(&db);
    assert_eq!(member.row(found), "0");
    assert_eq!(member.row(explained), "[]");
    client.run("drop policy closed on page_embeddings");
    assert_eq!(member.row(found), "10");
}
