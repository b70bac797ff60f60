//! What the vector leg finds is what comparing every vector finds: for tenants of every size, whoever asks, by either route.

use super::*;

/// Half precision moves a similarity by less than this.
const TOLERANCE: f64 = 0.0005;
const QUESTIONS: usize = 40;

/// Three tenants with 7, 300 and 3,000 chunks around the same directions, among which a question finds neighbours of all three.
fn three_sizes() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into organizations (id, name, slug) values ('a0000000-0000-4000-8000-000000000003', 'tiny', 'tiny');
         select frontdesk.register_domain('a0000000-0000-4000-8000-000000000003', 'tiny.example');
         insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://' || d.domain, d.domain, 'Many vectors', 'completed' from domains as d;
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'chunk ' || i, array[sin(i * 1.1 + length(p.title)), sin(i * 7.3), sin(i * 1.7)]::vector
         from scraped_pages as p,
            generate_series(1, case p.title when 'acme.example' then 300 when 'globex.example' then 3000 else 7 end) as i;
         analyze",
    );
    (db, client)
}

/// The similarities of the ten nearest chunks, by comparing all.
fn brute_force(client: &mut Client, domain: &str, question: &str) -> Vec<f64> {
    similarities(
        client,
        &format!(
            "select 1 - (e.embedding <=> '{question}') from page_embeddings as e join customer_configs as c on c.id = e.domain_id
             where c.domain = '{domain}' order by (e.embedding <=> '{question}') + 0 limit 10"
        ),
    )
}

/// The true similarities of the chunks that a search finds.
fn searched(client: &mut Client, domain: &str, question: &str) -> Vec<f64> {
    similarities(
        client,
        &format!(
            "select 1 - (e.embedding <=> '{question}')
             from frontdesk.hybrid_search('{domain}', null, '{question}', 10) as s join page_embeddings as e on e.id = s.chunk_id
             order by s.vector_rank"
        ),
    )
}

fn similarities(client: &mut Client, sql: &str) -> Vec<f64> {
    client
        .rows(sql)
        .iter()
        .map(|row| row.parse().expect("a number"))
        .collect()
}

#[test]
fn every_search_finds_as_many_and_as_near_as_brute_force() {
    let (db, mut client) = three_sizes();
    let server = |domain: &str| frontdesk_harness::Identity::ChatServer(domain.into());
    let callers = [
        ("acme.example", ACME.person("viewer")),
        ("acme.example", server("acme.example")),
        ("globex.example", GLOBEX.person("owner")),
        ("tiny.example", server("tiny.example")),
    ];
    for (domain, identity) in callers {
        let mut caller = db.session(&identity);
        for place in 0..QUESTIONS {
            let angle = place as f64;
            let question = format!(
                "[{},{},{}]",
                angle.sin(),
                (angle * 2.3).cos(),
                (angle * 0.7).sin()
            );
            let wanted = brute_force(&mut client, domain, &question);
            for route in ROUTES {
                caller.run(route);
                let found = searched(&mut caller, domain, &question);
                assert_eq!(found.len(), wanted.len(), "{domain} {question} {route}");
                for (found, wanted) in found.iter().zip(&wanted) {
                    assert!(
                        (found - wanted).abs() < TOLERANCE,
                        "{domain} {question} {route}: {found}, {wanted}"
                    );
                }
            }
        }
    }
}
