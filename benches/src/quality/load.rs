//! Collections as tenants: each document is a page with one chunk, of a domain that belongs to an organization, in the
//! tables as installed with their triggers and indexes.

use std::io::Write;

use postgres::Client;
use uuid::Uuid;

use super::collection::Collection;
use crate::{connect, run, step};

const DATABASE: &str = "bench_quality";

/// The member as whom everything is searched.
const MEMBER: &str = "b0000000-0000-4000-8000-000000000001";

/// The dimensions that the installed model has before any is set.
const NO_VECTORS: usize = 1;

/// The id of a document's page and chunk, which says which document it is.
pub fn document_id(collection: usize, document: usize) -> Uuid {
    let document = document as u128;
    Uuid::from_u128((collection as u128) << 64 | 0x4000 << 64 << 12 | document)
}

/// The document that a chunk is.
pub fn document_of(chunk: Uuid) -> usize {
    chunk.as_u128() as u64 as usize
}

/// The domain of a tenant of a collection.
pub fn domain_name(collection: usize, tenant: &str) -> String {
    if tenant.is_empty() {
        return format!("c{collection}.example");
    }
    let tenant = tenant
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    format!("{tenant}.c{collection}.example")
}

/// A session of the member.
pub fn session(settings: &[String]) -> Client {
    let mut client = connect(DATABASE);
    let claims = format!(r#"{{"sub": "{MEMBER}", "role": "authenticated"}}"#);
    client
        .execute(
            "select set_config('request.jwt.claims', $1, false)",
            &[&claims],
        )
        .expect("claims");
    run(&mut client, "set role authenticated");
    for setting in settings {
        let (name, value) = setting
            .split_once('=')
            .unwrap_or_else(|| panic!("--set takes name=value, got {setting}"));
        client
            .execute("select set_config($1, $2, false)", &[&name, &value])
            .unwrap_or_else(|error| panic!("set {setting}: {error:?}"));
    }
    client
}

/// Loads the collections into a fresh database, unless `reuse` finds the one that an earlier run has left of the same.
pub fn load(collections: &[Collection], reuse: bool) {
    if reuse && is_loaded(collections) {
        return;
    }
    let mut server = connect("postgres");
    run(
        &mut server,
        &format!("drop database if exists {DATABASE} with (force)"),
    );
    run(&mut server, &format!("create database {DATABASE}"));
    let mut client = connect(DATABASE);
    run(
        &mut client,
        "set client_min_messages = warning; set maintenance_work_mem = '1GB'; set synchronous_commit = off",
    );
    step(
        &mut client,
        "installing",
        "create extension frontdesk cascade",
    );
    let dimensions = dimensions(collections);
    run(
        &mut client,
        &format!("select frontdesk.set_embedding_model('bench', {dimensions})"),
    );
    for (number, collection) in collections.iter().enumerate() {
        fill(&mut client, number, collection);
    }
    step(&mut client, "vacuum", "vacuum (analyze)");
    run(
        &mut client,
        &format!(
            "comment on database {DATABASE} is '{}'",
            description(collections)
        ),
    );
}

/// Removes the database.
pub fn remove() {
    run(
        &mut connect("postgres"),
        &format!("drop database {DATABASE} with (force)"),
    );
}

/// What the database says of its content, for later runs.
fn description(collections: &[Collection]) -> String {
    let parts: Vec<String> = collections
        .iter()
        .map(|collection| format!("{}:{}", collection.folder.display(), collection.language))
        .collect();
    parts.join(" ").replace('\'', "''")
}

fn is_loaded(collections: &[Collection]) -> bool {
    let stored = connect("postgres").query(
        "select from pg_database as d
         where d.datname = $1 and shobj_description(d.oid, 'pg_database') = $2",
        &[&DATABASE, &description(collections)],
    );
    !stored.expect("look for the database").is_empty()
}

fn dimensions(collections: &[Collection]) -> usize {
    let mut lengths: Vec<usize> = collections
        .iter()
        .filter_map(|collection| Some(collection.vectors.as_ref()?.first()?.len()))
        .collect();
    lengths.dedup();
    assert!(
        lengths.len() <= 1,
        "the collections have vectors of different models: {lengths:?} dimensions"
    );
    lengths.first().copied().unwrap_or(NO_VECTORS)
}

/// One transaction. The index of vectors is built afterwards, which is quicker than row by row.
fn fill(client: &mut Client, number: usize, collection: &Collection) {
    let index = hnsw_index(client);
    run(client, "begin");
    create_domains(client, number, collection);
    run(client, "drop index page_embeddings_embedding_hnsw_idx");
    let started = std::time::Instant::now();
    copy_pages(client, number, collection);
    copy_chunks(client, number, collection);
    eprintln!(
        "{}: {} documents ... {:.1} s",
        collection.name,
        collection.documents.len(),
        started.elapsed().as_secs_f64()
    );
    run(client, "set constraints all immediate");
    run(client, &index);
    run(client, "commit");
}

fn hnsw_index(client: &mut Client) -> String {
    client
        .query_one(
            "select pg_get_indexdef('page_embeddings_embedding_hnsw_idx'::regclass)",
            &[],
        )
        .expect("the index of vectors")
        .get(0)
}

fn create_domains(client: &mut Client, number: usize, collection: &Collection) {
    let organization: Uuid = client
        .query_one(
            "insert into organizations (name, slug) values ($1, $2) returning id",
            &[&collection.name, &format!("c{number}")],
        )
        .expect("an organization")
        .get(0);
    run(
        client,
        &format!(
            "insert into organization_members (organization_id, user_id, role)
             values ('{organization}', '{MEMBER}', 'member')"
        ),
    );
    for tenant in collection.tenants() {
        let domain = domain_name(number, tenant);
        client
            .execute(
                "select frontdesk.register_domain($1, $2)",
                &[&organization, &domain],
            )
            .expect("a domain");
        client
            .execute(
                "update domains set text_search_config = $2 where domain = $1",
                &[&domain, &collection.language],
            )
            .expect("a language");
    }
}

fn copy_pages(client: &mut Client, number: usize, collection: &Collection) {
    let ids: std::collections::HashMap<String, Uuid> = client
        .query("select domain, id from domains", &[])
        .expect("domains")
        .into_iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    copy(
        client,
        "scraped_pages (id, domain_id, url, title, content, status)",
        collection
            .documents
            .iter()
            .enumerate()
            .map(|(place, document)| {
                let domain = domain_name(number, &document.tenant);
                let title = match document.title.as_str() {
                    "" => None,
                    title => Some(title.to_owned()),
                };
                [
                    Some(document_id(number, place).to_string()),
                    Some(ids[&domain].to_string()),
                    Some(format!("https://{domain}/{place}")),
                    title,
                    Some(document.text.clone()),
                    Some("completed".into()),
                ]
            }),
    );
}

fn copy_chunks(client: &mut Client, number: usize, collection: &Collection) {
    copy(
        client,
        "page_embeddings (id, page_id, chunk_text, embedding, embedding_model)",
        collection
            .documents
            .iter()
            .enumerate()
            .map(|(place, document)| {
                let id = document_id(number, place).to_string();
                let vector = collection
                    .vectors
                    .as_ref()
                    .map(|vectors| literal(&vectors[place]));
                let model = vector.as_ref().map(|_| "bench".to_owned());
                [
                    Some(id.clone()),
                    Some(id),
                    Some(document.text.clone()),
                    vector,
                    model,
                ]
            }),
    );
}

/// A vector as pgvector reads it.
pub fn literal(vector: &[f32]) -> String {
    let values: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", values.join(","))
}

fn copy<const COLUMNS: usize>(
    client: &mut Client,
    target: &str,
    rows: impl Iterator<Item = [Option<String>; COLUMNS]>,
) {
    let mut writer = client
        .copy_in(&format!("copy {target} from stdin"))
        .unwrap_or_else(|error| panic!("copy {target}: {error:?}"));
    for row in rows {
        let fields = row.map(|field| field.map_or_else(|| r"\N".into(), |text| escaped(&text)));
        writeln!(writer, "{}", fields.join("\t")).expect("copy");
    }
    writer
        .finish()
        .unwrap_or_else(|error| panic!("copy {target}: {error:?}"));
}

/// A field of COPY's text format.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('\t', r"\t")
        .replace('\n', r"\n")
        .replace('\r', r"\r")
}
