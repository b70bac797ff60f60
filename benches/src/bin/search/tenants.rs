//! The tenants of the bench.

use frontdesk_benches::{connect, run};
use postgres::Client;
use uuid::Uuid;

use crate::DATABASE;
use crate::vectors::Vector;

/// Chunks of a tenant, and how many tenants have so many, at scale 1.
pub const SIZES: [(usize, usize); 7] = [
    (100_000, 1),
    (30_000, 2),
    (10_000, 5),
    (3_000, 10),
    (1_000, 20),
    (500, 20),
    (100, 301),
];
/// No tenant gets smaller than this at a small scale.
const LEAST: usize = 20;

/// A tenant of the bench.
pub struct Tenant {
    pub number: i32,
    /// Its chunks at scale 1.
    pub size: usize,
    pub chunks: usize,
}

/// All tenants at a scale, the largest first.
pub fn all(scale: f64) -> Vec<Tenant> {
    let sizes = SIZES
        .iter()
        .flat_map(|(size, count)| std::iter::repeat_n(*size, *count));
    sizes
        .zip(1..)
        .map(|(size, number)| Tenant {
            number,
            size,
            chunks: ((size as f64 * scale) as usize).max(LEAST.min(size)),
        })
        .collect()
}

/// The first tenant of each size: those that are measured.
pub fn measured(wanted: &[usize]) -> Vec<Tenant> {
    let mut tenants = all(1.0);
    tenants.dedup_by_key(|tenant| tenant.size);
    tenants.retain(|tenant| wanted.is_empty() || wanted.contains(&tenant.size));
    tenants
}

impl Tenant {
    pub fn domain(&self) -> String {
        format!("tenant-{}.example", self.number)
    }

    pub fn organization_id(&self) -> Uuid {
        self.id(0xa0)
    }

    pub fn config_id(&self) -> Uuid {
        self.id(0xc0)
    }

    pub fn domain_id(&self) -> Uuid {
        self.id(0xd0)
    }

    /// Its one member.
    pub fn user_id(&self) -> Uuid {
        self.id(0xb0)
    }

    fn id(&self, kind: u128) -> Uuid {
        Uuid::from_u128((kind << 120) + 0x4000_8000_0000_0000_0000 + self.number as u128)
    }

    /// A session of the server of its widget.
    pub fn chat_server(&self) -> Client {
        let mut client = connect(DATABASE);
        run(
            &mut client,
            &format!(
                "select set_config('request.jwt.claims', '{{\"domain\": \"{}\", \"role\": \"chat_server\"}}', false);
                 set role chat_server",
                self.domain()
            ),
        );
        client
    }

    /// A session of its member.
    pub fn member(&self) -> Client {
        let mut client = connect(DATABASE);
        run(
            &mut client,
            &format!(
                "select set_config('request.jwt.claims', '{{\"sub\": \"{}\", \"role\": \"authenticated\"}}', false);
                 set role authenticated",
                self.user_id()
            ),
        );
        client
    }
}

/// A question of a tenant.
#[derive(Clone)]
pub struct Question {
    pub text: String,
    pub long_text: String,
    pub vector: Vector,
    /// Its ten nearest chunks, compared one by one.
    pub nearest: Vec<Uuid>,
}

/// The questions that were stored for a tenant.
pub fn questions(admin: &mut Client, tenant: &Tenant) -> Vec<Question> {
    let rows = admin
        .query(
            "select q.words, q.long_words, q.embedding, q.nearest from bench.questions as q where q.tenant = $1 order by q.n",
            &[&tenant.number],
        )
        .expect("read the questions");
    rows.iter()
        .map(|row| Question {
            text: row.get(0),
            long_text: row.get(1),
            vector: row.get(2),
            nearest: row.get(3),
        })
        .collect()
}
