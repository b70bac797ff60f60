//! Sessions of the identities that the extension tells apart.

use std::ops::{Deref, DerefMut};

use postgres::Client;
use postgres::error::Error;
use serde_json::json;
use uuid::Uuid;

/// Who a session acts as.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Nobody: the `anon` role without claims.
    Anon,
    /// A signed-in person.
    User(Uuid),
    /// The server of a chat widget, bound to one domain.
    ChatServer(String),
    /// The operators' back office.
    Service,
    /// Any role with any text as claims.
    Custom {
        /// The role to set.
        role: &'static str,
        /// The text of `request.jwt.claims`.
        claims: String,
    },
}

impl Identity {
    fn role(&self) -> &'static str {
        match self {
            Self::Anon => "anon",
            Self::User(_) => "authenticated",
            Self::ChatServer(_) => "chat_server",
            Self::Service => "service_role",
            Self::Custom { role, .. } => role,
        }
    }

    fn claims(&self) -> String {
        match self {
            Self::Anon => String::new(),
            Self::User(id) => json!({"sub": id, "role": "authenticated"}).to_string(),
            Self::ChatServer(domain) => {
                json!({"role": "chat_server", "domain": domain}).to_string()
            }
            Self::Service => json!({"role": "service_role"}).to_string(),
            Self::Custom { claims, .. } => claims.clone(),
        }
    }
}

/// A connection that acts as one identity; it dereferences to the client.
pub struct Session(Client);

impl Session {
    pub(crate) fn new(mut client: Client, identity: &Identity) -> Self {
        client
            .query(
                "select set_config('request.jwt.claims', $1, false)",
                &[&identity.claims()],
            )
            .expect("set the claims");
        client
            .batch_execute(&format!("set role {}", identity.role()))
            .expect("set the role");
        Self(client)
    }
}

impl Deref for Session {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.0
    }
}

/// The SQLSTATE of an error that Postgres raised.
pub fn sqlstate(error: &Error) -> &str {
    error.code().map_or("no SQLSTATE", |code| code.code())
}
