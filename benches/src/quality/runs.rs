//! Asking all questions of a collection in one way.

use std::collections::HashMap;
use std::thread;

use postgres::{Client, Statement};
use uuid::Uuid;

use super::collection::{Collection, Query};
use super::load::{document_of, domain_name, literal, session};
use super::measures::{DEPTH, Measures};

/// A way to search: which legs, and further arguments of `hybrid_search`.
#[derive(Clone)]
pub struct Method {
    pub name: String,
    pub by_text: bool,
    pub by_vector: bool,
    pub arguments: String,
    /// Words to add to a question, by its id.
    pub more_words: HashMap<String, String>,
}

impl Method {
    pub fn new(name: &str, by_text: bool, by_vector: bool, arguments: &str) -> Self {
        Self {
            name: name.to_owned(),
            by_text,
            by_vector,
            arguments: arguments.to_owned(),
            more_words: HashMap::new(),
        }
    }

    fn sql(&self) -> String {
        let arguments = match self.arguments.as_str() {
            "" => String::new(),
            arguments => format!(", {arguments}"),
        };
        format!(
            "select s.chunk_id, s.score, s.text_score, s.vector_score
             from frontdesk.hybrid_search($1::text, $2::text, $3::text::vector, $4::int{arguments}) as s"
        )
    }
}

/// A document that was found.
#[derive(Clone, Copy)]
pub struct Hit {
    pub document: usize,
    pub score: f32,
    pub text_score: Option<f32>,
    pub vector_score: Option<f32>,
}

/// What one method found for each question of a collection.
pub struct Run {
    pub method: Method,
    pub hits: Vec<Vec<Hit>>,
    pub measures: Vec<Measures>,
}

/// How questions are asked.
#[derive(Clone)]
pub struct Asking {
    /// Sessions beside each other.
    pub sessions: usize,
    /// `name=value` of settings.
    pub settings: Vec<String>,
}

/// Asks every question where it belongs.
pub fn run(number: usize, collection: &Collection, method: &Method, asking: &Asking) -> Run {
    let hits = ask_all(&collection.queries, method, asking, |query| {
        domains(number, query)
    });
    let measures = measured(&collection.queries, &hits);
    Run {
        method: method.clone(),
        hits,
        measures,
    }
}

fn measured(queries: &[Query], hits: &[Vec<Hit>]) -> Vec<Measures> {
    queries
        .iter()
        .zip(hits)
        .map(|(query, hits)| {
            let ranked: Vec<usize> = hits.iter().map(|hit| hit.document).collect();
            Measures::of(&ranked, &query.relevant)
        })
        .collect()
}

/// The domains in which a question is asked.
pub fn domains(collection: usize, query: &Query) -> Vec<String> {
    if query.tenants.is_empty() {
        return vec![domain_name(collection, "")];
    }
    query
        .tenants
        .iter()
        .map(|tenant| domain_name(collection, tenant))
        .collect()
}

fn ask_all(
    queries: &[Query],
    method: &Method,
    asking: &Asking,
    domains: impl Fn(&Query) -> Vec<String> + Sync,
) -> Vec<Vec<Hit>> {
    let share = queries.len().div_ceil(asking.sessions.max(1)).max(1);
    thread::scope(|scope| {
        let domains = &domains;
        let workers: Vec<_> = queries
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    let mut client = session(&asking.settings);
                    let statement = client
                        .prepare(&method.sql())
                        .unwrap_or_else(|error| panic!("{}: {error:?}", method.name));
                    part.iter()
                        .map(|query| ask(&mut client, &statement, query, method, &domains(query)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a session"))
            .collect()
    })
}

/// One question, in each of its domains; the lists of several are merged by score.
fn ask(
    client: &mut Client,
    statement: &Statement,
    query: &Query,
    method: &Method,
    domains: &[String],
) -> Vec<Hit> {
    let text = match method.more_words.get(&query.id) {
        Some(words) => format!("{} {words}", query.text),
        None => query.text.clone(),
    };
    let text = method.by_text.then_some(text);
    let vector = query.vector.as_deref().filter(|_| method.by_vector);
    let vector = vector.map(literal);
    let mut hits = Vec::new();
    for domain in domains {
        let rows = client
            .query(statement, &[domain, &text, &vector, &(DEPTH as i32)])
            .unwrap_or_else(|error| panic!("{}, question {}: {error:?}", method.name, query.id));
        hits.extend(rows.iter().map(|row| Hit {
            document: document_of(row.get::<_, Uuid>(0)),
            score: row.get(1),
            text_score: row.get(2),
            vector_score: row.get(3),
        }));
    }
    if domains.len() > 1 {
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(DEPTH);
    }
    hits
}

/// The constant of reciprocal rank fusion in its paper and in nearly every product.
const RRF_CONSTANT: f64 = 60.0;

/// Two runs fused by reciprocal rank with equal weights.
pub fn reciprocal_rank(collection: &Collection, text: &Run, vector: &Run) -> Run {
    let hits: Vec<Vec<Hit>> = text
        .hits
        .iter()
        .zip(&vector.hits)
        .map(|(text, vector)| fused(text, vector))
        .collect();
    Run {
        method: Method::new("RRF(60)", true, true, ""),
        measures: measured(&collection.queries, &hits),
        hits,
    }
}

fn fused(text: &[Hit], vector: &[Hit]) -> Vec<Hit> {
    let mut scores: HashMap<usize, f64> = HashMap::new();
    for list in [text, vector] {
        for (rank, hit) in (1..).zip(list) {
            *scores.entry(hit.document).or_default() += 1.0 / (RRF_CONSTANT + f64::from(rank));
        }
    }
    let mut hits: Vec<Hit> = scores
        .into_iter()
        .map(|(document, score)| Hit {
            document,
            score: score as f32,
            text_score: None,
            vector_score: None,
        })
        .collect();
    hits.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.document.cmp(&b.document))
    });
    hits.truncate(DEPTH);
    hits
}
