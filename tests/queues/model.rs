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

#[test]
fn vectors_are_not_lost_to_another_model() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    complete(&mut worker, "[1,2,3]");
    for (name, dimensions) in [("test", 4), ("another", 3)] {
        let call = format!("select frontdesk.set_embedding_model('{name}', {dimensions})");
        assert_eq!(worker.refusal(&call), "55000");
    }
    // Saying again what is so already is no change.
    worker.run("select frontdesk.set_embedding_model(' test ', 3)");
    assert_eq!(worker.row(COLUMN), "vector(3)");
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f"]);
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
fn a_change_of_model_waits_for_a_worker_and_then_refuses() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    worker.run("begin");
    complete(&mut worker, "[1,2,3]");
    let mut operator = db.superuser();
    let refused = db
        .waits(
            &mut worker,
            "commit",
            &mut operator,
            "select frontdesk.set_embedding_model('another', 4)",
        )
        .expect_err("vectors came meanwhile");
    assert_eq!(frontdesk_harness::sqlstate(&refused), "55000");
}
