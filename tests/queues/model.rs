//! The model whose vectors the database holds.

use super::*;

const COLUMN: &str = "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'page_embeddings'::regclass and attname = 'embedding'";

#[test]
fn the_column_and_its_index_take_the_dimensions_of_the_model() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    for dimensions in [384, 768, 2000, 1] {
        worker.run(&format!(
            "select frontdesk.set_embedding_model('model {dimensions}', {dimensions})"
        ));
        assert_eq!(worker.row(COLUMN), format!("vector({dimensions})"));
        assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
        claim(&mut worker, 32);
        let vector = format!("[{}]", vec!["1"; dimensions].join(","));
        assert_eq!(complete(&mut worker, &vector), ["stored"]);
        assert_eq!(
            worker.row("select embedding_model from page_embeddings"),
            format!("model {dimensions}")
        );
        assert_eq!(
            worker.row("select indisvalid from pg_index where indexrelid = 'page_embeddings_embedding_hnsw_idx'::regclass"),
            "t"
        );
        worker.run("update page_embeddings set embedding = null");
    }
}

/// ACME with a page of two embedded chunks.
fn two_vectors() -> (Database, Client) {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders", "Refund"]);
    claim(&mut worker, 32);
    complete(&mut worker, "[1,2,3]");
    (db, worker)
}

/// The nearest chunk and whether a vector of this kind is accepted at all, as a chat server sees it.
fn search(db: &Database, vector: &str) -> Result<usize, String> {
    let rows = db.session(&ACME.chat_server()).query(
        "select 1 from frontdesk.hybrid_search('acme.example', null, $1::text::vector)",
        &[&vector],
    );
    rows.map(|rows| rows.len())
        .map_err(|error| frontdesk_harness::sqlstate(&error).to_owned())
}

fn progress(worker: &mut Client) -> Vec<String> {
    worker.rows("select model, chunks, with_next, remaining, switched_at is not null from frontdesk.embedding_model_progress() where domain = 'acme.example'")
}

#[test]
fn saying_again_which_model_is_set_changes_nothing() {
    let (_db, mut worker) = two_vectors();
    worker.run("select frontdesk.set_embedding_model(' test ', 3)");
    assert_eq!(worker.row(COLUMN), "vector(3)");
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f"]);
    assert!(progress(&mut worker).is_empty());
    assert_eq!(
        worker.refusal("select frontdesk.finish_embedding_model()"),
        "55000"
    );
}

#[test]
fn old_vectors_answer_until_the_new_model_covers_a_domain() {
    let (db, mut worker) = two_vectors();
    worker.run("select frontdesk.set_embedding_model('better', 4)");
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
    assert_eq!(progress(&mut worker), ["test|2|0|2|f"]);
    assert_eq!(claim(&mut worker, 1), ["Orders"]);
    assert_eq!(complete(&mut worker, "[1,2,3,4]"), ["stored"]);
    assert_eq!(progress(&mut worker), ["test|2|1|1|f"]);
    assert_eq!(search(&db, "[1,2,3]"), Ok(2));
    assert_eq!(search(&db, "[1,2,3,4]"), Err("22023".into()));
    assert_eq!(
        worker.refusal("select frontdesk.finish_embedding_model()"),
        "55000"
    );

    assert_eq!(claim(&mut worker, 1), ["Refund"]);
    complete(&mut worker, "[1,2,3,4]");
    assert_eq!(progress(&mut worker), ["better|2|2|0|t"]);
    assert_eq!(search(&db, "[1,2,3,4]"), Ok(2));
    assert_eq!(search(&db, "[1,2,3]"), Err("22023".into()));
    let model = "select name, dimensions from frontdesk.embedding_model('acme.example')";
    assert_eq!(db.session(&ACME.chat_server()).row(model), "better|4");
    assert_eq!(db.session(&GLOBEX.person("owner")).refusal(model), "P0002");

    worker.run("select frontdesk.finish_embedding_model()");
    assert_eq!(worker.row(COLUMN), "vector(4)");
    assert_eq!(search(&db, "[1,2,3,4]"), Ok(2));
    assert!(progress(&mut worker).is_empty());
    let indexes = "select count(*) from pg_indexes where indexdef ~ '[(]embedding |embedding IS'";
    assert_eq!(worker.row(indexes), "3");
    store_page(&mut worker, "b", &["Parcel"]);
    claim(&mut worker, 32);
    assert_eq!(complete(&mut worker, "[1,2,3,4]"), ["stored"]);
}

#[test]
fn one_domain_is_switched_before_another() {
    let (db, mut worker) = two_vectors();
    let chunks = worker.row(
        "select chunks from frontdesk.ingest_page('globex.example', 'https://globex.example/a', '<p>Globex has a page of its own.</p>')",
    );
    assert_eq!(chunks, "1");
    claim(&mut worker, 32);
    complete(&mut worker, "[1,2,3]");
    worker.run("select frontdesk.set_embedding_model('better', 3)");
    assert_eq!(claim(&mut worker, 2).len(), 2);
    complete(&mut worker, "[3,2,1]");
    assert_eq!(claim(&mut worker, 2).len(), 1);
    let switched = "select domain, switched_at is not null from frontdesk.embedding_model_progress() order by 1";
    let before = worker.rows(switched);
    assert_eq!(
        before.iter().filter(|row| row.ends_with("|t")).count(),
        1,
        "{before:?}"
    );
    complete(&mut worker, "[3,2,1]");
    assert_eq!(
        worker.rows(switched),
        ["acme.example|t", "globex.example|t"]
    );
    assert_eq!(search(&db, "[3,2,1]"), Ok(2));
}

#[test]
fn a_change_may_be_taken_back() {
    let (db, mut worker) = two_vectors();
    worker.run("select frontdesk.set_embedding_model('better', 4)");
    // Nothing was made yet: nothing is lost.
    worker.run("select frontdesk.set_embedding_model('test', 3)");
    worker.run("select frontdesk.set_embedding_model('better', 4)");
    claim(&mut worker, 32);
    complete(&mut worker, "[1,2,3,4]");
    for other in ["'test', 3", "'third', 5"] {
        let call = format!("select frontdesk.set_embedding_model({other})");
        assert_eq!(worker.refusal(&call), "55000");
    }
    worker.run("select frontdesk.set_embedding_model('test', 3, discard => true)");
    assert!(progress(&mut worker).is_empty());
    assert_eq!(search(&db, "[1,2,3]"), Ok(2));
    assert_eq!(
        worker.row(
            "select distinct embedding_model from page_embeddings where embedding is not null"
        ),
        "test"
    );
}

#[test]
fn vectors_are_dropped_when_that_is_asked_for() {
    let (_db, mut worker) = two_vectors();
    worker.run("select frontdesk.set_embedding_model('better', 4, discard => true)");
    assert_eq!(worker.row(COLUMN), "vector(4)");
    assert_eq!(
        worker.row("select count(embedding) from page_embeddings"),
        "0"
    );
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
}

#[test]
fn pages_that_come_during_a_change_get_vectors_of_the_new_model() {
    let (db, mut worker) = two_vectors();
    worker.run("select frontdesk.set_embedding_model('better', 4)");
    store_page(&mut worker, "b", &["Parcel"]);
    assert_eq!(claim(&mut worker, 32).len(), 3);
    assert_eq!(complete(&mut worker, "[1,2,3,4]"), ["stored"]);
    assert_eq!(search(&db, "[1,2,3,4]"), Ok(3));
    store_page(&mut worker, "b", &["Letter"]);
    assert_eq!(claim(&mut worker, 32), ["Letter"]);
    assert_eq!(complete(&mut worker, "[1,2,3,4]"), ["stored"]);
    assert_eq!(
        jobs(&mut worker),
        ["a|completed|0|f|f", "b|completed|0|f|f"]
    );
}

#[test]
fn a_model_that_no_index_could_serve_is_refused() {
    let (_db, mut worker) = empty_queue();
    for arguments in ["'m', 2001", "'m', 0", "'m', -1", "'', 3", "'  ', 3"] {
        assert_eq!(
            worker.refusal(&format!(
                "select frontdesk.set_embedding_model({arguments})"
            )),
            "22023",
            "{arguments}"
        );
    }
    for arguments in ["null, 3", "'m', null"] {
        assert_eq!(
            worker.refusal(&format!(
                "select frontdesk.set_embedding_model({arguments})"
            )),
            "22004",
            "{arguments}"
        );
    }
    assert_eq!(worker.row(COLUMN), "vector(3)");
}

#[test]
fn a_change_of_model_waits_for_a_worker_and_queues_what_it_has_stored() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    worker.run("begin");
    complete(&mut worker, "[1,2,3]");
    let mut operator = db.superuser();
    db.waits(
        &mut worker,
        "commit",
        &mut operator,
        "select frontdesk.set_embedding_model('another', 4)",
    )
    .expect("no deadlock");
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
    assert_eq!(progress(&mut worker), ["test|1|0|1|f"]);
}

#[test]
fn a_vector_of_the_former_model_that_comes_late_is_refused() {
    let (_db, mut worker) = two_vectors();
    store_page(&mut worker, "b", &["Parcel"]);
    claim(&mut worker, 32);
    worker.run(
        "reset role; select frontdesk.set_embedding_model('another', 4); set role service_role",
    );
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["invalid"]);
    assert_eq!(complete(&mut worker, "[1,2,3,4]"), ["stale"]);
}
