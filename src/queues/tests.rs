//! Inside a server: what the queue functions answer.

use pgrx::prelude::*;

#[pg_schema]
mod tests {
    use pgrx::prelude::*;

    #[pg_test]
    fn an_empty_queue_gives_nothing() {
        let jobs = Spi::get_one::<i64>("select count(*) from frontdesk.claim_embedding_jobs()");
        assert_eq!(jobs, Ok(Some(0)));
    }

    #[pg_test(error = "batch_size must be between 1 and 10000, got 0")]
    fn a_batch_of_nothing_is_refused() {
        Spi::run("select frontdesk.claim_embedding_jobs(0)").expect("refused");
    }

    #[pg_test]
    fn the_column_takes_the_dimensions_of_the_model() {
        Spi::run("select frontdesk.set_embedding_model('a small model', 384)").expect("set");
        let column = Spi::get_one::<i32>(
            "select atttypmod from pg_attribute where attrelid = 'page_embeddings'::regclass and attname = 'embedding'",
        );
        assert_eq!(column, Ok(Some(384)));
    }
}
