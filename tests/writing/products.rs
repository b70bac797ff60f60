use super::*;

/// ACME with so many pages and a product on each, made by `product` from the number `i`.
fn products(count: usize, product: &str) -> (frontdesk_harness::Database, Client) {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "delete from product_catalog; delete from entity_catalog;
             insert into scraped_pages (domain_id, url, status)
             select '{}', 'https://acme.example/p/' || i, 'completed' from generate_series(1, {count}) as i;
             insert into product_catalog (page_id, sku, name, price, category, in_stock, specifications, extracted_at)
             select p.id, {product} from scraped_pages as p, lateral (select split_part(p.url, '/p/', 2)::int) as n (i)
             where p.url like '%/p/%'",
            ACME.domain_id()
        ))
        .expect("products");
    (db, client)
}

const KETTLE: &str = "'K' || i, 'Kettle ' || i, i + 0.9, 'kettles', i <> 2, jsonb_build_object('litres', i), '2024-01-01'";

/// Calls until nothing is left: `migrated unchanged conflicts` of all batches.
fn migrate(client: &mut Client) -> [i64; 3] {
    let (mut after, mut sums) = (None::<frontdesk_harness::Uuid>, [0; 3]);
    loop {
        let sql = "select last_id, migrated, unchanged, jsonb_array_length(conflicts)::bigint
             from frontdesk.migrate_products('acme.example', $1, 2)";
        let row = client.query_one(sql, &[&after]).expect("migrate a batch");
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum += row.get::<_, i64>(place + 1);
        }
        after = row.get(0);
        if after.is_none() {
            return sums;
        }
    }
}

#[test]
fn products_become_entities_batch_by_batch_and_once() {
    let (db, mut client) = products(5, KETTLE);
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(migrate(&mut member), [5, 0, 0]);
    let second = one(
        &mut client,
        "select concat_ws('|', e.entity_type, e.name, e.price, e.primary_category, e.is_available, e.attributes, p.url = e.source_url)
         from entity_catalog as e join scraped_pages as p on p.id = e.page_id where e.primary_identifier = 'K2'",
    );
    assert_eq!(
        second.as_deref(),
        Some(r#"product|Kettle 2|2.90|kettles|f|{"sku": "K2", "specifications": {"litres": 2}}|t"#)
    );
    let versions =
        "select string_agg(xmin::text || ctid::text, ' ' order by id) from entity_catalog";
    let before = one(&mut client, versions);
    assert_eq!(migrate(&mut member), [0, 5, 0]);
    assert_eq!(one(&mut client, versions), before);
}

#[test]
fn what_was_extracted_later_counts() {
    let (_db, mut client) = products(2, KETTLE);
    migrate(&mut client);
    client
        .batch_execute(
            "update product_catalog set price = 1, extracted_at = '2024-02-01' where sku = 'K1';
             update product_catalog set price = 1, extracted_at = '2023-02-01' where sku = 'K2'",
        )
        .expect("change");
    assert_eq!(migrate(&mut client), [1, 1, 0]);
    let prices =
        "select string_agg(price::text, ' ' order by primary_identifier) from entity_catalog";
    assert_eq!(one(&mut client, prices).as_deref(), Some("1.00 2.90"));
}

#[test]
fn an_identifier_of_another_page_is_a_conflict_and_stays() {
    let (_db, mut client) = products(
        3,
        "case when i < 3 then repeat(' ', i) || 'K' end, 'Kettle', 1, 'kettles', true, '{}', now()",
    );
    client
        .batch_execute(&format!(
            "insert into entity_catalog (domain_id, page_id, entity_type, primary_identifier, name)
             select '{}', id, 'service', 'K', 'Repair' from scraped_pages where url = 'https://acme.example/page/1'",
            ACME.domain_id()
        ))
        .expect("an entity");
    for expected in [[1, 0, 2], [0, 1, 2]] {
        assert_eq!(migrate(&mut client), expected);
    }
    let entities =
        "select string_agg(primary_identifier || '=' || name, ' ' order by 1) from entity_catalog";
    assert_eq!(
        one(&mut client, entities).as_deref(),
        Some("K=Repair https://acme.example/p/3#Kettle=Kettle")
    );
    let conflict = "select count(*)::text from frontdesk.migrate_products() as m, jsonb_to_recordset(m.conflicts) as c (product_id uuid, entity_id uuid)
         join product_catalog as p on p.id = c.product_id join entity_catalog as e on e.id = c.entity_id";
    assert_eq!(
        one(&mut client, &conflict.replace("join", " join")).as_deref(),
        Some("2")
    );
}

#[test]
fn of_two_products_with_one_identifier_the_second_is_a_conflict() {
    let (_db, mut client) = products(
        2,
        "repeat(' ', i) || 'K', 'Kettle', 1, 'kettles', true, '{}', now()",
    );
    let conflicts = "select migrated::text || ' ' || (conflicts -> 0 ->> 'entity_id' is not null)::text from frontdesk.migrate_products()";
    assert_eq!(one(&mut client, conflicts).as_deref(), Some("1 true"));
}

#[test]
fn products_of_deleted_pages_are_passed_over() {
    let (_db, mut client) = products(2, KETTLE);
    client
        .batch_execute("update scraped_pages set status = 'deleted' where url like '%/p/1'")
        .expect("delete");
    assert_eq!(migrate(&mut client), [1, 0, 0]);
}

#[test]
fn a_member_migrates_the_products_of_their_domains_only() {
    let (db, _) = products(1, KETTLE);
    let mut member = db.session(&ACME.person("member"));
    for (call, expected) in [
        ("migrate_products('acme.example')", "ok"),
        ("migrate_products()", "42501"),
        ("migrate_products('globex.example')", "P0002"),
        ("migrate_products('acme.example', batch_size => 0)", "22023"),
        (
            "migrate_products('acme.example', batch_size => null)",
            "22004",
        ),
    ] {
        assert_eq!(outcome(&mut member, call), expected, "{call}");
    }
    assert_eq!(
        outcome(
            &mut db.session(&ACME.person("viewer")),
            "migrate_products('acme.example')"
        ),
        "42501"
    );
    assert_eq!(
        outcome(&mut db.session(&Identity::Service), "migrate_products()"),
        "ok"
    );
}
