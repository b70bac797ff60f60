//! Products that pages declare are entities of the catalog.

use super::*;

/// A page that declares products, each a JSON object without its type.
fn declaring(products: &[&str]) -> String {
    let products: Vec<String> = products
        .iter()
        .map(|product| format!(r#"{{"@type": "Product", {product}}}"#))
        .collect();
    format!(
        r#"<p>Kettles {}</p><script type="application/ld+json">[{}]</script>"#,
        products.len(),
        products.join(",")
    )
}

fn store(session: &mut Session, path: &str, products: &[&str]) {
    let url = format!("https://acme.example{path}");
    ingest_as(session, &url, &declaring(products), "");
}

/// `identifier|name|price|path of its page` of ACME's entities.
fn entities(client: &mut Client) -> Vec<String> {
    client.rows(&format!(
        "select e.primary_identifier, e.name, e.price, substr(p.url, 21)
         from entity_catalog as e join scraped_pages as p on p.id = e.page_id where e.domain_id = '{}' order by 1",
        ACME.domain_id()
    ))
}

const K1: &str = r#""sku": "K1", "name": "Kettle", "offers": {"price": "24,90", "priceCurrency": "EUR", "availability": "https://schema.org/OutOfStock"}"#;

#[test]
fn a_declared_product_is_an_entity_with_all_that_is_known_of_it() {
    let (db, mut client) = two_tenants();
    store(&mut member(&db), "/k1", &[K1]);
    assert_eq!(entities(&mut client), ["K1|Kettle|24.90|/k1"]);
    let more = client.row(
        "select entity_type, is_available, attributes, source_url, search_vector @@ 'kettl'::tsquery from entity_catalog where primary_identifier = 'K1'",
    );
    assert_eq!(
        more,
        r#"product|f|{"sku": "K1", "currency": "EUR", "availability": "OutOfStock"}|https://acme.example/k1|t"#
    );
}

#[test]
fn a_product_that_is_no_longer_declared_goes_and_one_that_did_not_change_is_not_written() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let other = r#""sku": "K2", "name": "Teapot""#;
    store(&mut member, "/list", &[K1, other]);
    let version = "select xmin, ctid from entity_catalog where primary_identifier = 'K1'";
    let before = client.row(version);
    store(&mut member, "/list", &[K1]);
    assert_eq!(entities(&mut client), ["K1|Kettle|24.90|/list"]);
    assert_eq!(client.row(version), before);
    store(&mut member, "/list", &[&K1.replace("24,90", "19.90")]);
    assert_eq!(entities(&mut client), ["K1|Kettle|19.90|/list"]);
    store(&mut member, "/list", &[]);
    assert!(entities(&mut client).is_empty());
}

#[test]
fn a_product_belongs_to_the_page_that_is_about_it() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let other = r#""sku": "K2", "name": "Teapot""#;
    store(&mut member, "/list", &[K1, other]);
    store(&mut member, "/k1", &[K1]);
    let expected = ["K1|Kettle|24.90|/k1", "K2|Teapot|null|/list"];
    assert_eq!(entities(&mut client), expected);
    store(&mut member, "/other-list", &[other, K1, K1]);
    assert_eq!(entities(&mut client), expected);
    store(&mut member, "/list", &[]);
    assert_eq!(entities(&mut client), expected[..1]);
}

#[test]
fn what_a_worker_found_out_besides_stays() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    store(&mut member, "/k1", &[K1]);
    client.run("update entity_catalog set description = 'Boils', attributes = attributes || '{\"litres\": 2}' where primary_identifier = 'K1'");
    store(&mut member, "/k1", &[&K1.replace("EUR", "CHF")]);
    let found = client.row(
        "select description, attributes->'litres', attributes->>'currency' from entity_catalog where primary_identifier = 'K1'",
    );
    assert_eq!(found, "Boils|2|CHF");
}

#[test]
fn pages_that_declare_the_same_products_in_another_order_do_not_deadlock() {
    let (db, mut client) = two_tenants();
    let products: Vec<String> = (0..20)
        .map(|i| format!(r#""sku": "S{i}", "name": "Thing {i}""#))
        .collect();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (db, mut products) = (&db, products.clone());
            scope.spawn(move || {
                let mut member = member(db);
                for round in 0..10 {
                    products.rotate_left(3 * worker + 1);
                    let all: Vec<&str> = products
                        .iter()
                        .skip(round % 3)
                        .map(String::as_str)
                        .collect();
                    store(&mut member, &format!("/list-{worker}"), &all);
                }
            });
        }
    });
    assert_eq!(entities(&mut client).len(), 20);
}
