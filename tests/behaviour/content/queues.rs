//! Which pages wait for embeddings and extraction.

use std::io::Write;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql, Uuid, sqlstate};

use crate::behaviour::{SERIALIZATION_FAILURE, two_tenants};

const QUEUES: [&str; 2] = ["embedding_queue", "entity_extraction_queue"];

/// ACME without pages, but for one with this content and status.
fn one_page(content: &str, status: &str) -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run("delete from scraped_pages where url like 'https://acme.%'");
    client.run(&format!(
        "insert into scraped_pages (domain_id, url, content, status)
         values ('{}', 'https://acme.example/', {content}, {status})",
        ACME.domain_id()
    ));
    (db, client)
}

fn update_page(client: &mut Client, change: &str) {
    client.run(&format!(
        "update scraped_pages set {change} where url = 'https://acme.example/'"
    ));
}

/// The states of ACME's jobs in the two queues.
fn states(client: &mut Client) -> [Vec<String>; 2] {
    QUEUES.map(|queue| {
        client.rows(&format!(
            "select status from {queue} where domain_id = '{}'",
            ACME.domain_id()
        ))
    })
}

fn all(state: &str) -> [Vec<String>; 2] {
    QUEUES.map(|_| vec![state.to_owned()])
}

const NONE: [Vec<String>; 2] = [vec![], vec![]];

/// As if workers had done all jobs.
fn complete(client: &mut Client) {
    for queue in QUEUES {
        client.run(&format!("update {queue} set status = 'completed'"));
    }
}

#[test]
fn a_page_with_content_waits_in_both_queues() {
    for status in ["'pending'", "'completed'", "null"] {
        let (_db, mut client) = one_page("'hello'", status);
        assert_eq!(states(&mut client), all("pending"), "{status}");
    }
}

#[test]
fn a_page_without_content_a_failed_and_a_deleted_one_do_not_wait() {
    for (content, status) in [
        ("null", "'completed'"),
        ("''", "'completed'"),
        ("'hello'", "'failed'"),
        ("'hello'", "'deleted'"),
    ] {
        let (_db, mut client) = one_page(content, status);
        assert_eq!(states(&mut client), NONE, "{content} {status}");
    }
}

#[test]
fn a_visit_that_finds_nothing_new_queues_nothing() {
    let (_db, mut client) = one_page("'hello'", "'completed'");
    complete(&mut client);
    update_page(
        &mut client,
        "content = content, last_scraped_at = now(), html = 'new markup', title = 'new'",
    );
    assert_eq!(states(&mut client), all("completed"));
}

#[test]
fn new_content_waits_again() {
    let (_db, mut client) = one_page("'hello'", "'completed'");
    complete(&mut client);
    update_page(&mut client, "content = 'goodbye'");
    assert_eq!(states(&mut client), all("pending"));
}

#[test]
fn content_that_comes_to_an_empty_page_waits() {
    let (_db, mut client) = one_page("null", "'pending'");
    update_page(&mut client, "content = 'hello'");
    assert_eq!(states(&mut client), all("pending"));
}

#[test]
fn new_content_withdraws_the_job_under_way_and_starts_afresh() {
    let (_db, mut client) = one_page("'hello'", "'completed'");
    for queue in QUEUES {
        client.run(&format!(
            "update {queue} set status = 'processing', retry_count = 3, error_message = 'no luck', lease_token = '{}',
                lease_expires_at = now() + interval '1 hour', not_before = now() + interval '1 hour'",
            Uuid::new_v4()
        ));
    }
    update_page(&mut client, "content = 'goodbye'");
    for queue in QUEUES {
        let job = client.row(&format!(
            "select status, retry_count, error_message, lease_token, lease_expires_at, not_before from {queue}
             where domain_id = '{}'",
            ACME.domain_id()
        ));
        assert_eq!(job, "pending|0|null|null|null|null", "{queue}");
    }
}

#[test]
fn a_page_that_loses_its_content_fails_or_is_deleted_no_longer_waits() {
    for change in [
        "content = null",
        "content = ''",
        "status = 'failed'",
        "status = 'deleted'",
    ] {
        let (_db, mut client) = one_page("'hello'", "'completed'");
        update_page(&mut client, change);
        assert_eq!(states(&mut client), NONE, "{change}");
        let others = "select count(*) from embedding_queue";
        assert_eq!(client.row(others), "5", "{change}");
    }
}

#[test]
fn a_page_that_comes_back_waits_again_with_the_same_content() {
    for status in ["failed", "deleted"] {
        let (_db, mut client) = one_page("'hello'", "'completed'");
        update_page(&mut client, &format!("status = '{status}'"));
        update_page(&mut client, "status = 'completed'");
        assert_eq!(states(&mut client), all("pending"), "{status}");
    }
}

#[test]
fn twenty_thousand_pages_come_in_by_copy_and_all_wait() {
    let (_db, mut client) = two_tenants();
    let mut copy = client
        .copy_in("copy scraped_pages (domain_id, url, title, content, status) from stdin")
        .expect("begin to copy");
    for page in 0..20_000 {
        writeln!(
            copy,
            "{}\thttps://acme.example/copied/{page}\tPage {page}\tWhat page {page} says\tcompleted",
            ACME.domain_id()
        )
        .expect("copy a page");
    }
    assert_eq!(copy.finish().expect("finish"), 20_000);
    for queue in QUEUES {
        let waiting = client.row(&format!(
            "select count(*) from {queue} as q join scraped_pages as p on p.id = q.page_id
             where p.url like '%/copied/%' and q.status = 'pending' and q.domain_id = p.domain_id
                and p.content_hash is not null and p.content_search_vector @@ 'say'"
        ));
        assert_eq!(waiting, "20000", "{queue}");
    }
}

/// The tables whose rows carry their page's domain.
const CHILDREN: [&str; 3] = [QUEUES[0], QUEUES[1], "product_catalog"];

#[test]
fn jobs_and_products_are_filed_under_their_pages_domain_whatever_is_given() {
    let (_db, mut client) = two_tenants();
    for table in CHILDREN {
        client.run(&format!("delete from {table}"));
        let name = if table == "product_catalog" {
            ", name"
        } else {
            ""
        };
        let value = if name.is_empty() { "" } else { ", 'kettle'" };
        let filed = client.row(&format!(
            "insert into {table} (page_id, domain_id{name})
             select id, '{}'{value} from scraped_pages where url = 'https://acme.example/page/1' returning domain_id",
            GLOBEX.domain_id()
        ));
        assert_eq!(filed, ACME.domain_id().to_string(), "{table}");
        for forged in [format!("'{}'", GLOBEX.domain_id()), "null".into()] {
            client.run(&format!("update {table} set domain_id = {forged}"));
            let filed = client.row(&format!("select domain_id from {table}"));
            assert_eq!(filed, ACME.domain_id().to_string(), "{table}");
        }
    }
}

#[test]
fn jobs_and_products_follow_their_page_to_another_domain() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "update scraped_pages set domain_id = '{}' where url = 'https://acme.example/page/2'",
        GLOBEX.domain_id()
    ));
    for table in CHILDREN {
        let elsewhere = format!(
            "select count(*), count(*) filter (where c.domain_id = '{}') from {table} as c
             join scraped_pages as p on p.id = c.page_id where p.url = 'https://acme.example/page/2'",
            GLOBEX.domain_id()
        );
        assert_eq!(client.row(&elsewhere), "1|1", "{table}");
    }
}

#[test]
fn a_product_written_while_its_page_moves_goes_along() {
    let (db, mut client) = two_tenants();
    let (mut mover, mut writer) = (db.superuser(), db.superuser());
    let moving = format!(
        "update scraped_pages set domain_id = '{}' where url = 'https://acme.example/page/3'",
        GLOBEX.domain_id()
    );
    let writing = "insert into product_catalog (page_id, name)
        select id, 'late' from scraped_pages where url = 'https://acme.example/page/3'";
    let filed = "select domain_id from product_catalog where name = 'late'";

    mover.run(&format!("begin; {moving}"));
    db.waits(&mut mover, "commit", &mut writer, writing)
        .expect("write the product");
    assert_eq!(client.row(filed), GLOBEX.domain_id().to_string());

    client.run("delete from product_catalog where name = 'late'");
    let back = moving.replace(
        &GLOBEX.domain_id().to_string(),
        &ACME.domain_id().to_string(),
    );
    writer.run(&format!("begin; {writing}"));
    db.waits(&mut writer, "commit", &mut mover, &back)
        .expect("move the page");
    assert_eq!(client.row(filed), ACME.domain_id().to_string());
}

#[test]
fn on_an_old_snapshot_no_job_is_filed_under_a_domain_that_the_page_has_left() {
    let (db, mut client) = two_tenants();
    client.run("delete from embedding_queue");
    let mut late = db.superuser();
    late.run("begin isolation level repeatable read");
    late.row("select count(*) from domains");
    client.run(&format!(
        "update scraped_pages set domain_id = '{}' where url = 'https://acme.example/page/3'",
        GLOBEX.domain_id()
    ));
    let refused = late
        .batch_execute(
            "insert into embedding_queue (page_id) select id from scraped_pages where url = 'https://acme.example/page/3'",
        )
        .expect_err("refused");
    assert_eq!(sqlstate(&refused), SERIALIZATION_FAILURE);
}
