//! Random claims, completions, failures, lost leases, edits and deletions of several workers, beside a model of what should
//! come of them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use frontdesk_harness::Uuid;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const WORKERS: usize = 3;
const PAGES: usize = 4;
const WORDS: [&str; 6] = ["Alpha", "Bravo", "Delta", "Gamma", "Kappa", "Omega"];
const MAX_ATTEMPTS: u32 = 5;

/// What somebody does. Numbers pick a worker, a page or one of the open claims.
#[derive(Clone, Debug)]
enum Step {
    Claim {
        worker: usize,
        batch: i32,
    },
    /// For each chunk of the claim in turn: a good vector (0), a bad one (1), none (2).
    Complete {
        claim: usize,
        results: Vec<u8>,
    },
    Fail {
        claim: usize,
        class: &'static str,
        some: bool,
    },
    LoseLease {
        claim: usize,
    },
    Edit {
        page: usize,
        words: BTreeSet<usize>,
    },
    Delete {
        page: usize,
    },
    PausesEnd,
    Requeue,
}

fn step() -> impl Strategy<Value = Step> {
    let class = prop_oneof![Just("retryable"), Just("rate_limited"), Just("fatal")];
    let words = proptest::collection::btree_set(0..WORDS.len(), 1..5);
    prop_oneof![
        6 => (0..WORKERS, 1..8).prop_map(|(worker, batch)| Step::Claim { worker, batch }),
        4 => (0..8_usize, proptest::collection::vec(0..3_u8, 8))
            .prop_map(|(claim, results)| Step::Complete { claim, results }),
        2 => (0..8_usize, class, any::<bool>()).prop_map(|(claim, class, some)| Step::Fail { claim, class, some }),
        1 => (0..8_usize).prop_map(|claim| Step::LoseLease { claim }),
        4 => (0..PAGES, words).prop_map(|(page, words)| Step::Edit { page, words }),
        1 => (0..PAGES).prop_map(|page| Step::Delete { page }),
        2 => Just(Step::PausesEnd),
        1 => Just(Step::Requeue),
    ]
}

/// What the model knows of a chunk.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chunk {
    page: String,
    stored: bool,
    attempts: u32,
    pausing: bool,
    dead: bool,
}

/// A claim that a worker has not handed in yet.
#[derive(Clone, Debug)]
struct Claim {
    token: Uuid,
    worker: usize,
    chunks: Vec<(Uuid, String)>,
}

#[derive(Default)]
struct Model {
    chunks: BTreeMap<Uuid, Chunk>,
    /// Who has a page.
    leases: BTreeMap<String, Uuid>,
    claims: Vec<Claim>,
}

impl Model {
    fn available(&self) -> BTreeSet<Uuid> {
        let free = |chunk: &&Chunk| {
            !chunk.stored && !chunk.dead && !chunk.pausing && !self.leases.contains_key(&chunk.page)
        };
        let free = self.chunks.iter().filter(|(_, chunk)| free(chunk));
        free.map(|(id, _)| *id).collect()
    }

    /// The chunk, if this claim still has it.
    fn leased(&mut self, token: Uuid, id: Uuid) -> Option<&mut Chunk> {
        let chunk = self.chunks.get_mut(&id)?;
        (self.leases.get(&chunk.page) == Some(&token)).then_some(chunk)
    }

    fn end_lease(&mut self, token: Uuid) {
        self.leases.retain(|_, holder| *holder != token);
    }

    /// Takes over which chunks there are now; those of a page whose content changed are nobody's.
    fn follow(&mut self, client: &mut Client) {
        let rows = client.rows("select e.id, p.url from page_embeddings as e join scraped_pages as p on p.id = e.page_id");
        let present: BTreeMap<Uuid, String> = rows
            .iter()
            .map(|row| row.split_once('|').expect("two columns"))
            .map(|(id, url)| (id.parse().expect("an id"), url.to_owned()))
            .collect();
        self.chunks.retain(|id, _| present.contains_key(id));
        for (id, page) in present {
            self.chunks.entry(id).or_insert(Chunk {
                page,
                ..Chunk::default()
            });
        }
    }
}

impl Chunk {
    fn fail(&mut self, class: &str, pausing: bool) {
        self.attempts += u32::from(class != "rate_limited");
        self.dead = class == "fatal" || class == "retryable" && self.attempts >= MAX_ATTEMPTS;
        self.pausing = pausing;
    }
}

/// The database, the sessions of the workers and the model.
struct World {
    _db: Database,
    workers: Vec<Client>,
    editor: Client,
    model: Model,
}

impl World {
    fn new() -> Self {
        let (db, mut editor) = empty_queue();
        editor.run("reset role");
        let workers = (0..WORKERS).map(|_| db.superuser()).collect();
        Self {
            _db: db,
            workers,
            editor,
            model: Model::default(),
        }
    }

    fn pick(&self, claim: usize) -> Option<Claim> {
        let open = self.model.claims.len();
        (open > 0).then(|| self.model.claims[claim % open].clone())
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Claim { worker, batch } => self.claim(*worker, *batch),
            Step::Complete { claim, results } => {
                if let Some(claim) = self.pick(*claim) {
                    self.complete(&claim, results);
                }
            }
            Step::Fail { claim, class, some } => {
                if let Some(claim) = self.pick(*claim) {
                    self.fail(&claim, class, *some);
                }
            }
            Step::LoseLease { claim } => {
                if let Some(claim) = self.pick(*claim) {
                    self.lose_lease(&claim);
                }
            }
            Step::Edit { page, words } => self.edit(*page, words),
            Step::Delete { page } => self.delete(*page),
            Step::PausesEnd => self.end_pauses(),
            Step::Requeue => self.requeue(),
        }
        self.compare();
    }

    fn claim(&mut self, worker: usize, batch: i32) {
        let rows = self.workers[worker].rows(&format!(
            "select chunk_id, content_hash, lease_token from frontdesk.claim_embedding_jobs({batch})"
        ));
        let available = self.model.available();
        assert_eq!(
            rows.len(),
            available
                .len()
                .min(usize::try_from(batch).expect("positive"))
        );
        let mut chunks = vec![];
        let mut token = Uuid::nil();
        for row in &rows {
            let fields: Vec<&str> = row.split('|').collect();
            let id: Uuid = fields[0].parse().expect("an id");
            assert!(available.contains(&id), "{id} was not to be given out");
            token = fields[2].parse().expect("a token");
            chunks.push((id, fields[1].to_owned()));
        }
        let given: BTreeSet<Uuid> = chunks.iter().map(|(id, _)| *id).collect();
        assert_eq!(given.len(), chunks.len(), "a chunk was given out twice");
        for id in given {
            self.model
                .leases
                .insert(self.model.chunks[&id].page.clone(), token);
        }
        if !chunks.is_empty() {
            self.model.claims.push(Claim {
                token,
                worker,
                chunks,
            });
        }
    }

    fn complete(&mut self, claim: &Claim, results: &[u8]) {
        let named = claim.chunks.iter().zip(results.iter().cycle());
        let named: Vec<_> = named.filter(|(_, result)| **result < 2).collect();
        let ids: Vec<Uuid> = named.iter().map(|((id, _), _)| *id).collect();
        let hashes: Vec<&str> = named.iter().map(|((_, hash), _)| hash.as_str()).collect();
        let vectors: Vec<&str> = named
            .iter()
            .map(|(_, result)| if **result == 0 { "[1,2,3]" } else { "[1]" })
            .collect();
        let rows = self.workers[claim.worker]
            .query(
                "select status from frontdesk.complete_embedding_jobs($1, $2, $3, $4)",
                &[&claim.token, &ids, &hashes, &vectors],
            )
            .expect("complete");
        for (((id, _), result), row) in named.iter().zip(&rows) {
            let status: &str = row.get(0);
            let chunk = self.model.leased(claim.token, *id);
            match (result, chunk) {
                (1, chunk) => {
                    assert_eq!(status, "invalid");
                    if let Some(chunk) = chunk {
                        chunk.fail("retryable", true);
                    }
                }
                (_, Some(chunk)) => {
                    assert_eq!(status, "stored");
                    *chunk = Chunk {
                        stored: true,
                        page: chunk.page.clone(),
                        ..Chunk::default()
                    };
                }
                (_, None) => assert_eq!(status, "stale"),
            }
        }
        self.model.end_lease(claim.token);
        self.forget(claim);
        // How long a bad vector pauses is drawn at random, perhaps for no time at all.
        if named.iter().any(|(_, result)| **result == 1) {
            self.end_pauses();
        }
    }

    fn forget(&mut self, claim: &Claim) {
        self.model.claims.retain(|other| other.token != claim.token);
    }

    /// Fails a claim, or only its first chunk.
    fn fail(&mut self, claim: &Claim, class: &str, some: bool) {
        let named: Vec<Uuid> = claim.chunks.iter().take(1).map(|(id, _)| *id).collect();
        let named = some.then_some(named);
        self.workers[claim.worker]
            .query(
                "select frontdesk.fail_embedding_jobs($1, 'error', $2, '1 hour', $3)",
                &[&claim.token, &class, &named],
            )
            .expect("fail");
        let failed = if some { 1 } else { claim.chunks.len() };
        for (id, _) in &claim.chunks[..failed] {
            if let Some(chunk) = self.model.leased(claim.token, *id) {
                chunk.fail(class, true);
            }
        }
        if !some {
            self.model.end_lease(claim.token);
            self.forget(claim);
            return;
        }
        let open = self
            .model
            .claims
            .iter_mut()
            .find(|other| other.token == claim.token);
        let open = open.expect("an open claim");
        let gone = open.chunks.remove(0).0;
        let rest = open.chunks.clone();
        // The lease of a page ends with its last chunk.
        if let Some(page) = self.model.chunks.get(&gone).map(|chunk| chunk.page.clone())
            && self.model.leases.get(&page) == Some(&claim.token)
            && !rest.iter().any(|(id, _)| {
                self.model
                    .chunks
                    .get(id)
                    .is_some_and(|chunk| chunk.page == page)
            })
        {
            self.model.leases.remove(&page);
        }
        if rest.is_empty() {
            self.forget(claim);
        }
    }

    fn lose_lease(&mut self, claim: &Claim) {
        self.editor.run(&format!(
            "update embedding_queue set lease_expires_at = now() - interval '1 second' where lease_token = '{}';
             select * from frontdesk.run_maintenance()",
            claim.token
        ));
        for (id, _) in &claim.chunks {
            if let Some(chunk) = self.model.leased(claim.token, *id) {
                chunk.fail("retryable", false);
            }
        }
        self.model.end_lease(claim.token);
    }

    fn edit(&mut self, page: usize, words: &BTreeSet<usize>) {
        let url = format!("https://acme.example/{page}");
        let words: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
        let sections: String = words
            .iter()
            .map(|word| {
                format!(
                    "<h2>{word}</h2><p>{}</p>",
                    format!("About {word}. ").repeat(8)
                )
            })
            .collect();
        let row = self.editor.row(&format!(
            "select status, chunks from frontdesk.ingest_page('acme.example', '{url}', '{sections}', 140, 0)"
        ));
        let (status, chunks) = row.split_once('|').expect("two columns");
        assert_eq!(chunks, words.len().to_string());
        if status != "unchanged" {
            self.model.leases.remove(&url);
        }
        self.model.follow(&mut self.editor);
    }

    fn delete(&mut self, page: usize) {
        let url = format!("https://acme.example/{page}");
        self.editor.run(&format!(
            "select frontdesk.remove_page('acme.example', '{url}')"
        ));
        self.model.leases.remove(&url);
        self.model.follow(&mut self.editor);
    }

    fn end_pauses(&mut self) {
        self.editor.run(
            "update frontdesk_internal.chunk_failures set not_before = now() - interval '1 second' where not_before > now();
             update embedding_queue set not_before = now() - interval '1 second' where not_before > now();
             select * from frontdesk.run_maintenance()",
        );
        for chunk in self.model.chunks.values_mut() {
            chunk.pausing = false;
        }
    }

    fn requeue(&mut self) {
        let pages = self.editor.rows(
            "select p.url from embedding_queue as q join scraped_pages as p on p.id = q.page_id where q.status = 'failed'",
        );
        self.editor.run("select frontdesk.requeue('embedding')");
        for chunk in self
            .model
            .chunks
            .values_mut()
            .filter(|chunk| pages.contains(&chunk.page))
        {
            *chunk = Chunk {
                stored: chunk.stored,
                page: chunk.page.clone(),
                ..Chunk::default()
            };
        }
    }

    /// What the database holds is what the model says.
    fn compare(&mut self) {
        let rows = self.editor.rows(
            "select e.id, e.embedding is not null, coalesce(f.attempts, 0), coalesce(f.is_dead, false)
             from page_embeddings as e left join frontdesk_internal.chunk_failures as f on f.chunk_id = e.id order by e.id",
        );
        let expected: Vec<String> = self
            .model
            .chunks
            .iter()
            .map(|(id, chunk)| {
                let sign = |is: bool| if is { "t" } else { "f" };
                format!(
                    "{id}|{}|{}|{}",
                    sign(chunk.stored),
                    chunk.attempts,
                    sign(chunk.dead)
                )
            })
            .collect();
        assert_eq!(rows, expected);
    }

    /// In the end every chunk has a vector, or is a dead letter.
    fn drain(&mut self) {
        for claim in self.model.claims.clone() {
            self.lose_lease(&claim);
        }
        self.model.claims.clear();
        self.end_pauses();
        while !self.model.available().is_empty() {
            self.claim(0, 100);
            let claim = self.model.claims[0].clone();
            self.complete(&claim, &[0]);
        }
        let left =
            "select count(*) from embedding_queue where status not in ('completed', 'failed')";
        self.claim(0, 100);
        assert_eq!(self.editor.row(left), "0");
    }
}

#[test]
fn workers_editors_and_failures_in_any_order_do_what_the_rules_say() {
    let mut runner = TestRunner::new(Config {
        cases: 8,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    });
    let steps = proptest::collection::vec(step(), 10..40);
    runner
        .run(&steps, |steps| {
            let mut world = World::new();
            for step in &steps {
                world.run(step);
            }
            world.drain();
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
