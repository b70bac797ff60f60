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
            "select s.chunk_id, s.score, s.text_score, s.vector_score, s.search_confidence
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
    /// Of the whole search.
    pub confidence: f32,
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

/// How sure each search is that it has found an answer.
pub fn confidences(hits: &[Vec<Hit>]) -> Vec<f64> {
    hits.iter()
        .map(|hits| {
            let confidences = hits.iter().map(|hit| f64::from(hit.confidence));
            confidences.fold(0.0, f64::max)
        })
        .collect()
}

/// Asks the questions of a collection in the domains of the others, in turn, where nothing answers them.
pub fn ask_elsewhere(
    number: usize,
    collections: &[Collection],
    method: &Method,
    asking: &Asking,
) -> Vec<Vec<Hit>> {
    let domains: Vec<String> = domains_elsewhere(number, collections, method);
    let queries = &collections[number].queries;
    let place: HashMap<&str, usize> = queries
        .iter()
        .enumerate()
        .map(|(place, query)| (query.id.as_str(), place))
        .collect();
    ask_all(queries, method, asking, |query| {
        let place = place[query.id.as_str()];
        vec![domains[place % domains.len()].clone()]
    })
}

/// As many domains of each other collection, so that one with many tenants does not outweigh the rest.
fn domains_elsewhere(number: usize, collections: &[Collection], method: &Method) -> Vec<String> {
    let others: Vec<usize> = (0..collections.len())
        .filter(|other| *other != number)
        .filter(|other| !method.by_vector || collections[*other].has_vectors())
        .collect();
    let most = others
        .iter()
        .map(|other| collections[*other].tenants().len())
        .max()
        .unwrap_or(0);
    (0..most)
        .flat_map(|round| {
            others.iter().map(move |other| {
                let tenants = collections[*other].tenants();
                domain_name(*other, tenants[round % tenants.len()])
            })
        })
        .collect()
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
            confidence: row.get(4),
        }));
    }
    if domains.len() > 1 {
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(DEPTH);
    }
    hits
}
