//! The search vector of an entity.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Sql};

use crate::behaviour::two_tenants;

fn vector(client: &mut Client) -> String {
    client.row("select search_vector from entity_catalog where primary_identifier = 'SKU-1'")
}

fn update(client: &mut Client, change: &str) {
    client.run(&format!(
        "update entity_catalog set {change} where primary_identifier = 'SKU-1'"
    ));
}

#[test]
fn an_entity_is_found_by_name_identifier_category_description_and_attribute_values() {
    let (_db, mut client) = two_tenants();
    update(
        &mut client,
        r#"name = 'Trail shoes', primary_category = 'Footwear', description = 'light',
           attributes = '{"colour": "red", "sizes": [41, 42.5], "deep": {"of": ["wool"]}, "new": true}'"#,
    );
    assert_eq!(
        vector(&mut client),
        "'1':4A '41':8 '42.5':9 'footwear':5B 'light':6C 'red':10 'shoe':2A 'sku':3A 'trail':1A 'wool':7"
    );
}

#[test]
fn each_part_that_changes_changes_what_is_found() {
    let (_db, mut client) = two_tenants();
    for column in ["name", "primary_category", "description"] {
        update(&mut client, &format!("{column} = 'changed{column}'"));
        let word = column.replace('_', "");
        let found = client.row(&format!(
            "select search_vector @@ to_tsquery('english', 'changed{word}') or search_vector::text like '%changed%'
             from entity_catalog where primary_identifier = 'SKU-1'"
        ));
        assert_eq!(found, "t", "{column}");
    }
    update(&mut client, r#"attributes = '{"a": "changedattribute"}'"#);
    assert!(vector(&mut client).contains("changedattribut"));
    client.run("update entity_catalog set primary_identifier = 'CHANGED' where primary_identifier = 'SKU-1'");
    let found =
        "select search_vector @@ 'chang' from entity_catalog where primary_identifier = 'CHANGED'";
    assert_eq!(client.row(found), "t");
}

#[test]
fn a_vector_that_is_given_is_not_believed() {
    let (_db, mut client) = two_tenants();
    let right = vector(&mut client);
    for given in ["'forged'", "null"] {
        update(&mut client, &format!("search_vector = {given}"));
        assert_eq!(vector(&mut client), right);
    }
}

#[test]
fn an_entity_without_attributes_or_with_odd_ones_is_stored() {
    let (_db, mut client) = two_tenants();
    let deep = format!("{}1{}", "[".repeat(3000), "]".repeat(3000));
    for attributes in ["{}", "[]", "null", "\"text\"", "7", &deep] {
        update(&mut client, &format!("attributes = '{attributes}'"));
        assert!(vector(&mut client).contains("'kettl'"));
    }
    update(&mut client, "attributes = null");
    assert!(vector(&mut client).contains("'kettl'"));
}

#[test]
fn an_entity_follows_its_page_to_another_domain() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "insert into entity_catalog (domain_id, page_id, entity_type, primary_identifier, name)
         select '{globex}', id, 'product', 'elsewhere', 'elsewhere' from scraped_pages where url = 'https://acme.example/page/1';
         insert into entity_catalog (domain_id, entity_type, primary_identifier, name)
         values ('{acme}', 'product', 'of no page', 'of no page');
         update scraped_pages set domain_id = '{globex}' where url = 'https://acme.example/page/1'",
        acme = ACME.domain_id(),
        globex = GLOBEX.domain_id()
    ));
    assert_eq!(
        client.rows(
            "select e.primary_identifier, d.domain from entity_catalog as e join domains as d on d.id = e.domain_id order by 1"
        ),
        [
            "SKU-1|globex.example",
            "SKU-2|globex.example",
            "elsewhere|globex.example",
            "of no page|acme.example"
        ]
    );
}

#[test]
fn an_entity_of_any_size_is_stored() {
    let (_db, mut client) = two_tenants();
    let stored = client.row(&format!(
        "insert into entity_catalog (domain_id, entity_type, primary_identifier, name, description, attributes)
         select '{}', 'product', 'huge', huge, huge, jsonb_build_object('a', huge, 'b', words)
         from (
            select string_agg('w' || i, ' ') as huge, jsonb_agg('value ' || i) as words
            from generate_series(1, 400000) as i
         ) as given
         returning length(description) > 2000000, search_vector <> ''",
        ACME.domain_id()
    ));
    assert_eq!(stored, "t|t");
}
