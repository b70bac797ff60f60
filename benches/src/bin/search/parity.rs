//! What search finds, compared with what comparing and scoring every chunk of the tenant finds.

use frontdesk_benches::run;
use postgres::Client;
use uuid::Uuid;

use crate::tenants::{self, Question, Tenant};
use crate::vectors::Vector;
use crate::{DATABASE, Options};

const POSTINGS: &str = include_str!("../../../sql/search/postings.sql");
const WORDS: &str = include_str!("../../../sql/search/brute_force_words.sql");
/// Up to so many chunks, vectors are compared as the user stored them; above, in their copies of half precision, whose similarities
/// differ by less than `PRECISION`.
const FULL_PRECISION: usize = 1_000;
const PRECISION: f32 = 0.0005;
/// Scores are sums in another order, and in single precision.
const ROUNDING: f32 = 1e-4;

/// The part of the nearest that must be found.
const LEAST_RECALL: f64 = 0.99;

/// What was compared at one size.
#[derive(Default)]
struct Count {
    pairs: usize,
    /// Questions of which a word is not in the tenant's chunks: it is taken for a slip, which a sum of scores does not know.
    unknown: usize,
    words_differ: usize,
    vectors: usize,
    expected: usize,
    found: usize,
    short: usize,
}

impl Count {
    /// Of as many as were asked for, or as the tenant has.
    fn recall(&self) -> f64 {
        self.found as f64 / self.expected.max(1) as f64
    }
}

pub fn parity(admin: &mut Client, options: &Options) {
    println!(
        "\nsearches of random users compared with brute force: the ten best scores of words; the ten nearest by vector\n"
    );
    println!(
        "| chunks  | searches | words compared | of them differ | vectors compared | recall@10 | with too few rows |"
    );
    println!(
        "|---------|---------:|---------------:|---------------:|-----------------:|----------:|------------------:|"
    );
    for tenant in tenants::measured(&options.sizes) {
        let count = compare(admin, &tenant, options.pairs);
        println!(
            "| {:>7} | {:>8} | {:>14} | {:>14} | {:>16} | {:>9.4} | {:>17} |",
            tenant.size,
            count.pairs,
            count.pairs - count.unknown,
            count.words_differ,
            count.vectors,
            count.recall(),
            count.short
        );
        assert!(
            count.short == 0 && count.recall() >= LEAST_RECALL,
            "rows are missing"
        );
    }
}

fn compare(admin: &mut Client, tenant: &Tenant, pairs: usize) -> Count {
    run(
        admin,
        "drop table if exists bench.postings, bench.lengths; set work_mem = '256MB'",
    );
    for statement in POSTINGS.split_inclusive(";\n") {
        run(
            admin,
            &statement.replace("$1", &format!("'{}'", tenant.config_id())),
        );
    }
    let rows = admin
        .query_one("select count(*) from bench.lengths", &[])
        .expect("count");
    let chunks = usize::try_from(rows.get::<_, i64>(0)).expect("a count");
    let questions = tenants::questions(admin, tenant);
    let mut users = [
        tenant.member(),
        tenant.chat_server(),
        frontdesk_benches::connect(DATABASE),
    ];
    for user in &mut users {
        // The sum of scores knows no synonyms.
        run(
            user,
            "set frontdesk.global_synonym_weight = 0; set frontdesk.bm25_k1 = 1.2; set frontdesk.bm25_b = 0.75;
             set frontdesk.title_weight = 1; set frontdesk.heading_weight = 1",
        );
    }
    let mut random = fastrand::Rng::with_seed(tenant.size as u64);
    let mut count = Count::default();
    for _ in 0..pairs {
        let user = &mut users[random.usize(..3)];
        let words = random_words(admin, chunks, &mut random);
        let question = &questions[random.usize(..questions.len())];
        let vector = blend(
            question,
            &questions[random.usize(..questions.len())],
            &mut random,
        );
        count.pairs += 1;
        compare_words(admin, user, tenant, &words, &mut count);
        compare_vectors(admin, user, tenant, chunks, &vector, &mut count);
    }
    count
}

/// Up to six words of random chunks.
fn random_words(admin: &mut Client, chunks: usize, random: &mut fastrand::Rng) -> String {
    let wanted = random.i32(1..=6);
    let rows = admin
        .query(
            "select v.words[1 + floor(random() * cardinality(v.words))::integer]
             from (
                select regexp_split_to_array(lower(regexp_replace(e.chunk_text, '[^[:alpha:] ]+', ' ', 'g')), ' +') as words
                from page_embeddings as e
                where e.id in (select l.id from bench.lengths as l tablesample bernoulli (least(100, 2000 / $2::double precision)::real) order by random() limit 1)
             ) as v, generate_series(1, $1)",
            &[&wanted, &(chunks as f64)],
        )
        .expect("words");
    let words: Vec<String> = rows
        .iter()
        .filter_map(|row| row.get::<_, Option<String>>(0))
        .collect();
    words.join(" ")
}

fn compare_words(
    admin: &mut Client,
    user: &mut Client,
    tenant: &Tenant,
    words: &str,
    count: &mut Count,
) {
    let lexemes: Vec<String> = admin
        .query_one(
            "select tsvector_to_array(to_tsvector('english', $1))",
            &[&words],
        )
        .expect("lexemes")
        .get(0);
    let known: i64 = admin
        .query_one(
            "select count(*) from unnest($1::text[]) as w (lexeme) where exists (select from bench.postings as p where p.lexeme = w.lexeme)",
            &[&lexemes],
        )
        .expect("known words")
        .get(0);
    if known as usize != lexemes.len() || lexemes.is_empty() {
        count.unknown += 1;
        return;
    }
    let scores =
        |rows: Vec<postgres::Row>| -> Vec<f32> { rows.iter().map(|row| row.get(0)).collect() };
    let expected = scores(admin.query(WORDS, &[&lexemes]).expect("brute force"));
    let found = scores(
        user.query(
            "select s.text_score from frontdesk.hybrid_search($1::uuid::text, $2, null, 10) as s order by 1 desc",
            &[&tenant.domain_id(), &words],
        )
        .expect("search"),
    );
    let is_same = found.len() == expected.len()
        && found
            .iter()
            .zip(&expected)
            .all(|(found, expected)| (found - expected).abs() <= ROUNDING * expected.max(1.0));
    if !is_same {
        count.words_differ += 1;
        eprintln!("{words}: {found:?} instead of {expected:?}");
    }
    count.short += usize::from(found.len() < expected.len());
}

fn compare_vectors(
    admin: &mut Client,
    user: &mut Client,
    tenant: &Tenant,
    chunks: usize,
    vector: &Vector,
    count: &mut Count,
) {
    let brute_force = if chunks <= FULL_PRECISION {
        "select e.id, (1 - (e.embedding <=> $2))::real from page_embeddings as e where e.domain_id = $1
         order by (e.embedding <=> $2) + 0 limit 10"
    } else {
        "select v.chunk_id, (-(v.direction <#> l2_normalize($2::vector)::halfvec))::real from frontdesk_internal.chunk_vectors as v
         where v.config_id = $1 order by (v.direction <#> l2_normalize($2::vector)::halfvec) + 0 limit 10"
    };
    let pairs = |rows: Vec<postgres::Row>| -> Vec<(Uuid, f32)> {
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    };
    let expected = pairs(
        admin
            .query(brute_force, &[&tenant.config_id(), vector])
            .expect("brute force"),
    );
    let found = pairs(
        user.query(
            "select s.chunk_id, s.vector_score from frontdesk.hybrid_search($1::uuid::text, null, $2, 10) as s",
            &[&tenant.domain_id(), vector],
        )
        .expect("search"),
    );
    count.vectors += 1;
    count.expected += expected.len();
    count.short += usize::from(found.len() < expected.len());
    // One that is as near as the last of the nearest is as good.
    let least = expected.last().map_or(0.0, |last| last.1) - PRECISION;
    count.found += found.iter().filter(|(_, score)| *score >= least).count();
}

/// A vector between those of two questions.
fn blend(one: &Question, other: &Question, random: &mut fastrand::Rng) -> Vector {
    let share = random.f32();
    let numbers = one.vector.0.iter().zip(&other.vector.0);
    Vector(
        numbers
            .map(|(x, y)| x * share + y * (1.0 - share))
            .collect(),
    )
}
