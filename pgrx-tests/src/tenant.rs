//! Tenants with data in every table.

use std::collections::BTreeMap;

use postgres::Client;
use uuid::Uuid;

use crate::Identity;

/// A tenant whose every id is known.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    number: u8,
    name: &'static str,
}

/// The tenant that most tests look at.
pub const ACME: Tenant = Tenant {
    number: 1,
    name: "acme",
};
/// Its neighbour, whom it must never see.
pub const GLOBEX: Tenant = Tenant {
    number: 2,
    name: "globex",
};

impl Tenant {
    /// Writes the tenant's rows, as the superuser of `client`.
    pub fn create(&self, client: &mut Client) {
        let sql = include_str!("../sql/tenant.sql")
            .replace("{n}", &self.number.to_string())
            .replace("{name}", self.name);
        client
            .batch_execute(&sql)
            .unwrap_or_else(|error| panic!("create tenant {}: {error:?}", self.name));
    }

    /// The name of its one domain.
    pub fn domain(&self) -> String {
        format!("{}.example", self.name)
    }

    /// The word that stands in every text of this tenant, and in none of another.
    pub fn mark(&self) -> &'static str {
        self.name
    }

    /// Its row in organizations.
    pub fn organization_id(&self) -> Uuid {
        self.id(0xa0)
    }

    /// Its row in customer_configs.
    pub fn config_id(&self) -> Uuid {
        self.id(0xc0)
    }

    /// Its row in domains.
    pub fn domain_id(&self) -> Uuid {
        self.id(0xd0)
    }

    /// Its one conversation.
    pub fn conversation_id(&self) -> Uuid {
        self.id(0xf0)
    }

    /// One of its people: `owner`, `admin`, `member` or `viewer`.
    pub fn person(&self, role: &str) -> Identity {
        Identity::User(self.user_id(role))
    }

    /// The user id of one of its people.
    pub fn user_id(&self, role: &str) -> Uuid {
        let place = ["owner", "admin", "member", "viewer"]
            .iter()
            .position(|known| *known == role);
        let place = 1 + place.unwrap_or_else(|| panic!("no role {role}"));
        format!("b000000{}-0000-4000-8000-{place:012}", self.number)
            .parse()
            .expect("a uuid")
    }

    /// The server of its chat widget.
    pub fn chat_server(&self) -> Identity {
        Identity::ChatServer(self.domain())
    }

    /// A regular expression for the text of a row that carries the tenant's mark or one of its ids.
    pub fn pattern(&self) -> String {
        let number = self.number;
        format!(
            "{}|[0-9a-f]0{{6}}{number}-0000-4000-8000-|[0-9a-f]{{2}}0{{6}}-0000-4000-8000-0{{11}}{number}",
            self.name
        )
    }

    /// In every table, how many rows carry the tenant's mark or one of its ids; only tables with such rows.
    pub fn traces(&self, client: &mut Client) -> BTreeMap<String, i64> {
        let pattern = self.pattern();
        crate::snapshot::tables(client)
            .into_iter()
            .map(|table| {
                let sql = format!("select count(*) from {table} as t where t::text ~ $1");
                let rows = client
                    .query_one(&sql, &[&pattern])
                    .unwrap_or_else(|error| panic!("read {table}: {error}"));
                (table, rows.get(0))
            })
            .filter(|(_, rows)| *rows > 0)
            .collect()
    }

    fn id(&self, kind: u8) -> Uuid {
        format!("{kind:02x}000000-0000-4000-8000-{:012}", self.number)
            .parse()
            .expect("a uuid")
    }
}
