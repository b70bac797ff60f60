//! What a search costs: `hybrid_search` and its legs as a signed-in member under row level security, beside the SQL recipe
//! that is widely copied, pgvector alone and ts_rank alone, in one run on the same tables.
//!
//! ```text
//! tools/install-extension --release 15
//! tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin search -- \
//!     --scale 0.01 --texts /usr/share/doc --vectors DIR
//! ```
//!
//! Scale 1 is 300,000 chunks of 359 tenants, of 100 to 100,000 chunks. Texts are those of HTML pages below `--texts` (Debian's
//! documentation packages, such as postgresql-doc-15, linux-doc, openjdk-17-doc, python3-doc), cut by `chunk_text`; no
//! tenant has one twice. Vectors are sentence embeddings of 384 dimensions found below `--vectors` (`corpus*.npy` and
//! `queries*.npy` in float16), with noise and projected at random to `--dimensions`: distances are those of real vectors
//! and real questions, but a chunk's vector does not belong to its text. Without `--vectors` they are random clusters; without
//! `--texts` the texts are random words.
//!
//! Loading a large scale takes long: `FRONTDESK_KEPT_DATA=DIR tools/with-cluster ... --load-only` leaves the cluster in
//! DIR, and `FRONTDESK_KEPT_DATA=DIR ... --measure-only` measures it again.

mod cache;
mod cases;
mod catalog;
mod clients;
mod load;
mod measure;
mod parity;
mod tenants;
mod texts;
mod vectors;
mod writes;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use frontdesk_benches::connect;

const DATABASE: &str = "bench_search";

/// Measures search.
#[derive(Parser)]
pub struct Options {
    /// 1 is 300,000 chunks.
    #[arg(long, default_value_t = 0.01)]
    scale: f64,
    /// Dimensions of the vectors.
    #[arg(long, default_value_t = 1536)]
    dimensions: usize,
    /// Folder with HTML pages.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Folder with sentence embeddings.
    #[arg(long)]
    vectors: Option<PathBuf>,
    /// Only loads.
    #[arg(long)]
    load_only: bool,
    /// Measures what an earlier run loaded.
    #[arg(long)]
    measure_only: bool,
    /// Only these parts.
    #[arg(long, value_delimiter = ',')]
    parts: Vec<Part>,
    /// Only tenants of so many chunks at scale 1.
    #[arg(long, value_delimiter = ',')]
    sizes: Vec<usize>,
    /// Rewrites so many chunks at the end and measures again.
    #[arg(long, default_value_t = 0)]
    writes: u64,
    /// Switches autovacuum off for chunks and vectors before the writes.
    #[arg(long)]
    no_vacuum: bool,
    /// Searches of random users that `parity` compares at each size.
    #[arg(long, default_value_t = 1_000)]
    pairs: usize,
    /// Only cases whose name has one of these in it.
    #[arg(long, value_delimiter = ',')]
    cases: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// Every case at every size of tenant: latencies, rows found, recall.
    Latency,
    /// Queries per second with 1, 4 and 16 clients.
    Clients,
    /// The first search of a connection, and the first of a server.
    Cold,
    /// Searches through the cache.
    Cache,
    /// Searches for entities and pages.
    Catalog,
    /// Whether searches find what brute force finds; only when asked for.
    Parity,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

fn main() {
    let options = Options::parse();
    if !options.measure_only {
        load::load(&options);
    }
    if options.load_only {
        return;
    }
    let mut admin = connect(DATABASE);
    if options.wants(Part::Latency) {
        measure::latencies(&mut admin, &options);
    }
    if options.wants(Part::Cold) {
        measure::cold(&mut admin, &options);
        // The server was started anew.
        admin = connect(DATABASE);
    }
    if options.wants(Part::Clients) {
        clients::throughput(&mut admin, &options);
    }
    if options.wants(Part::Cache) {
        cache::cache(&mut admin, &options);
    }
    if options.wants(Part::Catalog) {
        catalog::catalog(&mut admin, &options);
    }
    if options.parts.contains(&Part::Parity) {
        parity::parity(&mut admin, &options);
    }
    if options.writes > 0 {
        writes::writes(&mut admin, &options);
    }
}
