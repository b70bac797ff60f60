//! Eight organizations with domains, pages and synonyms, and people who belong to some of them.

use frontdesk_harness::{Session, sqlstate};

use super::super::*;
use crate::dice::Dice;

const NAMES: [&str; 8] = [
    "acme", "globex", "initech", "umbra", "hooli", "stark", "wayne", "tyrell",
];
const RANKS: [&str; 4] = ["viewer", "member", "admin", "owner"];
/// Words that no stemmer changes, so that a text contains one exactly when a search for it finds the text.
const VOCABULARY: u64 = 24;

/// Eight organizations in a database, and its superuser.
pub struct Town {
    db: Database,
    pub client: Client,
    /// Comparisons so far in which there was something to compare.
    pub agreed: usize,
    domains: Vec<Domain>,
}

#[derive(Clone, Debug)]
pub struct Domain {
    pub id: String,
    pub config: String,
    pub name: String,
    pub organization: String,
}

/// Somebody with memberships, or a chat server with a domain.
#[derive(Clone, Debug)]
pub struct Person {
    id: Uuid,
    /// Organization and role.
    memberships: Vec<(String, &'static str)>,
    pub claimed: Option<String>,
}

impl Person {
    /// An array of the organizations in which the person has at least this role.
    pub fn organizations(&self, rank: &str) -> String {
        let place = |role: &str| RANKS.iter().position(|rank| *rank == role);
        let ids: Vec<String> = self
            .memberships
            .iter()
            .filter(|(_, role)| place(role) >= place(rank))
            .map(|(organization, _)| format!("'{organization}'"))
            .collect();
        format!("array[{}]::uuid[]", ids.join(", "))
    }

    pub fn reaches(&self, domain: &Domain, rank: &str) -> bool {
        match &self.claimed {
            Some(claimed) => *claimed == domain.name && rank == "viewer",
            None => self.organizations(rank).contains(&domain.organization),
        }
    }

    /// A condition for the rows of a table that the person reads; `owner` is an expression for a row's organization.
    pub fn may_read(&self, table: &str, owner: &str) -> String {
        let theirs = |rank| format!("({owner}) = any ({})", self.organizations(rank));
        let Some(claimed) = &self.claimed else {
            return match table {
                "organization_invitations" | "gdpr_audit_log" => theirs("admin"),
                "training_data" => format!("{} and t.user_id = '{}'", theirs("viewer"), self.id),
                _ => theirs("viewer"),
            };
        };
        // A chat server's rows are those that hang on its domain or its configuration, not on its organization.
        let ids = format!(
            "select d.id::text from domains as d where d.domain = '{claimed}'
            union all select c.id::text from customer_configs as c where c.domain = '{claimed}'"
        );
        let parent = match table {
            "customer_configs" | "domains" => "t.id",
            "widget_configs" | "widget_config_variants" => "t.customer_config_id",
            "organizations"
            | "organization_members"
            | "organization_invitations"
            | "scrape_jobs"
            | "embedding_queue"
            | "entity_extraction_queue"
            | "training_data"
            | "chat_telemetry"
            | "chat_telemetry_domain_rollups"
            | "chat_telemetry_model_rollups"
            | "chat_cost_alerts"
            | "gdpr_audit_log"
            | "widget_config_history" => {
                return "false".to_owned();
            }
            _ => "t.domain_id",
        };
        format!("({parent})::text in ({ids})")
    }
}

impl Town {
    pub fn new(dice: &mut Dice) -> Self {
        let db = Database::new();
        let mut client = db.superuser();
        for (place, name) in NAMES.iter().enumerate() {
            let number = (place + 1).to_string();
            let sql = include_str!("../../../pgrx-tests/sql/tenant.sql");
            client.run(&sql.replace("{n}", &number).replace("{name}", name));
            for extra in 0..dice.below(3) {
                client.run(&format!(
                    "select frontdesk.register_domain('a0000000-0000-4000-8000-00000000000{number}', '{name}-{extra}.example')"
                ));
            }
        }
        client.run(include_str!("nobodys_rows.sql"));
        client.run("update organizations set max_seats = null");
        let mut town = Self {
            domains: domains(&mut client),
            agreed: 0,
            db,
            client,
        };
        for domain in town.domains.clone() {
            town.fill(&domain, dice);
        }
        town.client.run(
            "update customer_configs set max_pages = 100, max_monthly_cost_usd = 50 where organization_id is not null; analyze",
        );
        town
    }

    /// Pages, synonyms, examples and costs.
    fn fill(&mut self, domain: &Domain, dice: &mut Dice) {
        let Domain {
            id, config, name, ..
        } = domain;
        for page in 0..dice.below(6) {
            let text = words(dice, 12);
            let embedding = if dice.below(3) > 0 {
                vector(dice.below(1000))
            } else {
                "null".to_owned()
            };
            self.client.run(&format!(
                "with page as (
                    insert into scraped_pages (domain_id, url, title, content, status)
                    values ('{id}', 'https://{name}/random/{page}', 'A page', '{text}', 'completed')
                    returning id
                )
                insert into page_embeddings (page_id, chunk_text, embedding) select id, '{text}', {embedding} from page"
            ));
        }
        for _ in 0..dice.below(4) {
            let (term, synonym) = (dice.below(VOCABULARY), dice.below(VOCABULARY));
            if term != synonym {
                self.client.run(&format!(
                    "insert into domain_synonym_mappings (domain_id, term, synonyms) values ('{config}', 'zq{term}', array['zq{synonym}'])
                    on conflict do nothing"
                ));
            }
        }
        self.client.run(&format!(
            "insert into chat_telemetry (session_id, model, start_time, success, domain, cost_usd)
            values ('a session', 'a model', now(), true, '{name}', {0});
            insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ('{name}', 'monthly', 5);
            insert into training_data (user_id, domain, type, input_text, output_text)
            values ('{1}', '{name}', 'answer', 'asked at {name}', 'answered')",
            dice.below(12),
            dice.uuid(),
        ));
    }

    /// So many people, every sixth of whom is a chat server.
    pub fn people(&mut self, dice: &mut Dice, count: usize) -> Vec<Person> {
        (0..count)
            .map(|place| {
                if place % 6 == 5 {
                    self.chat_server(dice)
                } else {
                    self.person(dice)
                }
            })
            .collect()
    }

    fn person(&mut self, dice: &mut Dice) -> Person {
        let mut person = Person {
            id: dice.uuid(),
            memberships: Vec::new(),
            claimed: None,
        };
        for _ in 0..dice.below(6) {
            let organization = format!("a0000000-0000-4000-8000-00000000000{}", 1 + dice.below(8));
            let role = dice.one_of(&RANKS);
            if person
                .memberships
                .iter()
                .all(|(known, _)| *known != organization)
            {
                self.client.run(&format!(
                    "insert into organization_members (organization_id, user_id, role) values ('{organization}', '{}', '{role}')",
                    person.id
                ));
                person.memberships.push((organization, role));
            }
        }
        // Some write examples where they may, and some have written where they may not read any more.
        let domain = self.any_domain(dice);
        self.client.run(&format!(
            "insert into training_data (user_id, domain, type, input_text, output_text)
            values ('{}', '{}', 'answer', 'in', 'out')",
            person.id, domain.name
        ));
        person
    }

    fn chat_server(&mut self, dice: &mut Dice) -> Person {
        Person {
            id: Uuid::nil(),
            memberships: Vec::new(),
            claimed: Some(self.any_domain(dice).name),
        }
    }

    pub fn session(&self, person: &Person) -> Session {
        let identity = match &person.claimed {
            Some(domain) => Identity::ChatServer(domain.clone()),
            None => Identity::User(person.id),
        };
        self.db.session(&identity)
    }

    pub fn any_domain(&self, dice: &mut Dice) -> Domain {
        let place = dice.below(self.domains.len() as u64);
        self.domains[usize::try_from(place).expect("a place in a list")].clone()
    }

    /// Fails unless the person has found what there is, in any order.
    pub fn compare(
        &mut self,
        mut found: Vec<String>,
        mut expected: Vec<String>,
        about: &str,
        person: &Person,
    ) {
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{about}\n{person:?}");
        self.agreed += usize::from(!found.is_empty());
    }

    /// The rows, or the SQLSTATE of the refusal.
    pub fn rows_or_refusal(&self, session: &mut Client, sql: &str) -> Result<Vec<String>, String> {
        match session.simple_query(sql) {
            Ok(_) => Ok(session.rows(sql)),
            Err(error) => Err(sqlstate(&error).to_owned()),
        }
    }

    /// The synonyms of the words of a text: the domain's own, or the safe ones of everybody for words without own ones.
    pub fn synonyms(&mut self, domain: &Domain, words: &str) -> Vec<String> {
        self.client.rows(
            &include_str!("synonyms.sql")
                .replace("{config}", &domain.config)
                .replace("{words}", words),
        )
    }

    /// The chunks of a domain that contain one of the words or of their synonyms, and, when there is a vector, all that have one.
    pub fn chunks(&mut self, domain: &Domain, words: &str, with_vector: bool) -> Vec<String> {
        let synonyms = self.synonyms(domain, words);
        let synonyms = synonyms.iter().filter_map(|line| line.split('|').nth(1));
        let words: Vec<String> = words
            .split(' ')
            .chain(synonyms)
            .map(|word| format!("'{word}'"))
            .collect();
        self.client.rows(&format!(
            "select e.id
            from page_embeddings as e
            join scraped_pages as p on p.id = e.page_id
            where p.domain_id = '{}'
                and (
                    string_to_array(e.chunk_text, ' ') && array[{}]
                    or ({with_vector} and e.embedding is not null)
                )",
            domain.id,
            words.join(", ")
        ))
    }
}

fn domains(client: &mut Client) -> Vec<Domain> {
    let rows = client
        .query(
            "select d.id::text, c.id::text, d.domain, d.organization_id::text
            from domains as d
            join customer_configs as c on c.domain = d.domain
            where d.organization_id is not null
            order by d.domain",
            &[],
        )
        .expect("list the domains");
    let domain = rows.iter().map(|row| Domain {
        id: row.get(0),
        config: row.get(1),
        name: row.get(2),
        organization: row.get(3),
    });
    domain.collect()
}

/// So many words with spaces between them.
pub fn words(dice: &mut Dice, count: usize) -> String {
    let words: Vec<String> = (0..count)
        .map(|_| format!("zq{}", dice.below(VOCABULARY)))
        .collect();
    words.join(" ")
}

/// One of a thousand vectors.
pub fn vector(number: u64) -> String {
    format!("(select array_agg(cos({number} + x)) from generate_series(1, 1536) as x)::vector")
}
