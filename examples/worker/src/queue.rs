//! The whole interface to the database: claim, complete, fail, and one look at the queue's length.

use postgres::{Client, Error};

use crate::model::Class;

/// A chunk of a page that waits for its vector, leased to us for a while.
pub struct Job {
    pub chunk_id: String,
    /// What to embed: the headings above the chunk and its text.
    pub content: String,
    /// Handed back with the vector, so that a page that changed meanwhile is noticed.
    pub content_hash: String,
    /// Proof that the lease is still ours.
    pub lease_token: String,
}

/// How the database took the vectors.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub stored: u64,
    /// The text changed while we computed, or we took longer than the lease; it is queued again.
    pub stale: u64,
    /// Not a vector of the database's model.
    pub invalid: u64,
}

/// Pages in the queue, over all domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    pub open: u64,
    pub failed: u64,
}

pub fn claim(client: &mut Client, batch: i32, lease: &str) -> Result<Vec<Job>, Error> {
    let rows = client.query(
        "select chunk_id::text, content, content_hash, lease_token::text
           from frontdesk.claim_embedding_jobs($1, $2::text::interval)",
        &[&batch, &lease],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Job {
                chunk_id: row.try_get(0)?,
                content: row.try_get(1)?,
                content_hash: row.try_get(2)?,
                lease_token: row.try_get(3)?,
            })
        })
        .collect()
}

/// Hands vectors in and ends the lease. A job of the lease that is not named, and has not been given up, returns to the
/// queue as if it had not been claimed.
pub fn complete<'a>(
    client: &mut Client,
    lease_token: &str,
    vectors: impl Iterator<Item = (&'a Job, &'a Vec<f32>)>,
) -> Result<Receipt, Error> {
    let (mut chunk_ids, mut hashes, mut literals) = (vec![], vec![], vec![]);
    for (job, vector) in vectors {
        chunk_ids.push(job.chunk_id.as_str());
        hashes.push(job.content_hash.as_str());
        literals.push(vector_literal(vector));
    }
    let rows = client.query(
        "select status
           from frontdesk.complete_embedding_jobs($1::text::uuid, $2::text[]::uuid[], $3::text[], $4::text[])",
        &[&lease_token, &chunk_ids, &hashes, &literals],
    )?;
    let mut receipt = Receipt::default();
    for row in &rows {
        match row.try_get::<_, &str>(0)? {
            "stored" => receipt.stored += 1,
            "stale" => receipt.stale += 1,
            _ => receipt.invalid += 1,
        }
    }
    Ok(receipt)
}

/// Gives a claim up, or these of its chunks. `retry_after` is an interval; None leaves the pause to the database.
pub fn fail(
    client: &mut Client,
    lease_token: &str,
    message: &str,
    class: Class,
    retry_after: Option<&str>,
    chunk_ids: Option<&[&str]>,
) -> Result<(), Error> {
    client.execute(
        "select frontdesk.fail_embedding_jobs($1::text::uuid, $2, $3, $4::text::interval, $5::text[]::uuid[])",
        &[&lease_token, &message, &class.name(), &retry_after, &chunk_ids],
    )?;
    Ok(())
}

pub fn length(client: &mut Client) -> Result<Length, Error> {
    let row = client.query_one(
        "select coalesce(sum(pending + processing), 0)::bigint, coalesce(sum(failed), 0)::bigint
           from frontdesk.queue_status()
          where queue = 'embedding'",
        &[],
    )?;
    let count = |column| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(Length {
        open: count(0)?,
        failed: count(1)?,
    })
}

/// `[0.25,-1]`, as pgvector reads it.
pub fn vector_literal(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_written_as_pgvector_reads_it() {
        assert_eq!(vector_literal(&[0.25, -1.0]), "[0.25,-1]");
        assert_eq!(vector_literal(&[]), "[]");
    }
}
