//! Nobody moves a row from one tenant to another, or files one under another.

use frontdesk_harness::contents;

use super::claims::rows_seen;
use super::*;

/// The statement touches no row, or ends in an error that means no.
pub fn is_refused(witness: &mut Witness, sql: &str) {
    let outcome = witness.try_out(sql).map(|answer| answer.count);
    let is_right = match &outcome {
        Ok(count) => *count == 0,
        Err(code) => [NOT_ALLOWED, UNIQUE_VIOLATION, CHECK_VIOLATION].contains(&code.as_str()),
    };
    assert!(is_right, "{outcome:?}: {sql}");
}

fn owner(db: &Database) -> Witness {
    Witness::new(db, &ACME.person("owner"))
}

/// Fills ids in: {a} ACME's, {g} GLOBEX's, as in {a.organization}.
pub fn filled(template: &str) -> String {
    let mut sql = template.to_owned();
    for (letter, tenant) in [("a", ACME), ("g", GLOBEX)] {
        for (name, value) in [
            ("organization", tenant.organization_id().to_string()),
            ("config", tenant.config_id().to_string()),
            ("domain_id", tenant.domain_id().to_string()),
            ("conversation", tenant.conversation_id().to_string()),
            ("owner", tenant.user_id("owner").to_string()),
            ("admin", tenant.user_id("admin").to_string()),
            ("member", tenant.user_id("member").to_string()),
            ("viewer", tenant.user_id("viewer").to_string()),
            (
                "page",
                format!(
                    "e000000{}-0000-4000-8000-000000000001",
                    if letter == "a" { 1 } else { 2 }
                ),
            ),
            (
                "widget",
                format!(
                    "90000000-0000-4000-8000-00000000000{}",
                    if letter == "a" { 1 } else { 2 }
                ),
            ),
            ("domain", tenant.domain()),
        ] {
            sql = sql.replace(&format!("{{{letter}.{name}}}"), &format!("'{value}'"));
        }
    }
    sql
}

#[test]
fn keys_tenants_and_times_of_creation_are_not_peoples_to_update() {
    let db = Database::new();
    let writable = db.superuser().rows(include_str!("writable_keys.sql"));
    assert!(writable.is_empty(), "{}", writable.join("\n"));
}

/// Even where a platform has granted every column, the policies hold.
#[test]
fn policies_alone_keep_rows_with_their_tenant() {
    let (db, mut client) = two_tenants();
    client.run("grant select, insert, update, delete on all tables in schema public to authenticated, chat_server");
    let before = contents(&mut client);
    for identity in [ACME.person("owner"), ACME.chat_server()] {
        let mut witness = Witness::new(&db, &identity);
        for template in [
            "update organizations set id = gen_random_uuid()",
            "update organization_members set organization_id = {g.organization}",
            "update organization_members set organization_id = {g.organization} where user_id = {a.owner}",
            "update organization_invitations set organization_id = {g.organization}",
            "update customer_configs set organization_id = {g.organization}",
            "update customer_configs set organization_id = null",
            "update domains set organization_id = {g.organization}",
            "update domains set organization_id = null",
            "update domains set id = {g.config}, organization_id = {g.organization}",
            "update scraped_pages set domain_id = {g.domain_id}",
            "update website_content set domain_id = {g.domain_id}",
            "update structured_extractions set domain_id = {g.domain_id}",
            "update scrape_jobs set domain_id = {g.domain_id}, customer_config_id = {g.config}",
            "update embedding_queue set page_id = {g.page}",
            "update embedding_queue set domain_id = {g.domain_id}",
            "update entity_extraction_queue set domain_id = {g.domain_id}",
            "update page_embeddings set domain_id = {g.config}",
            "update page_embeddings set page_id = {g.page}",
            "update entity_catalog set domain_id = {g.domain_id}",
            "update product_catalog set page_id = {g.page}",
            "update business_classifications set domain_id = {g.config}",
            "update conversations set domain_id = {g.domain_id}",
            "update messages set conversation_id = {g.conversation}",
            "update messages set domain_id = {g.domain_id}",
            "update chat_telemetry set domain = {g.domain}",
            "update chat_telemetry set conversation_id = {g.conversation}",
            "update chat_telemetry_domain_rollups set domain = {g.domain}",
            "update chat_telemetry_model_rollups set domain = {g.domain}",
            "update chat_cost_alerts set domain = {g.domain}",
            "update chat_cost_alerts set domain = null",
            "update chat_cost_alerts set domain = 'WWW.Globex.Example'",
            "update training_data set domain = {g.domain}",
            "update training_data set user_id = {g.member}",
            "update gdpr_audit_log set organization_id = {g.organization}",
            "update widget_configs set customer_config_id = {g.config}",
            "update widget_config_variants set widget_config_id = {g.widget}",
            "update widget_config_history set widget_config_id = {g.widget}",
            "update domain_synonym_mappings set domain_id = {g.config}",
            "update query_cache set domain_id = {g.config}",
            "update search_cache set domain_id = {g.domain_id}",
        ] {
            is_refused(&mut witness, &filled(template));
        }
        witness.assert_never_heard(&[GLOBEX.mark().to_owned()], "who moves rows");
    }
    assert_eq!(before, contents(&mut client));
}

/// An admin here who only reads there can neither pull rows from there nor push rows to there.
#[test]
fn who_has_two_hats_wears_one_at_a_time() {
    let (db, mut client) = two_tenants();
    client.run(&filled(
        "insert into organization_members (organization_id, user_id, role) values ({g.organization}, {a.admin}, 'viewer')",
    ));
    client.run(
        "grant select, insert, update, delete on all tables in schema public to authenticated",
    );
    let mut witness = Witness::new(&db, &ACME.person("admin"));
    let seen = witness
        .ask("select count(*) from organizations")
        .expect("read");
    assert_eq!(seen.rows, ["2"]);
    for template in [
        "update domains set organization_id = {a.organization} where organization_id = {g.organization}",
        "update domains set organization_id = {g.organization} where organization_id = {a.organization}",
        "update customer_configs set organization_id = {a.organization} where organization_id = {g.organization}",
        "update customer_configs set organization_id = {g.organization} where organization_id = {a.organization}",
        "update organization_members set role = 'admin' where organization_id = {g.organization}",
        "update organization_members set organization_id = {g.organization} where user_id = {a.viewer}",
        "update organization_members set organization_id = {a.organization} where organization_id = {g.organization}",
        "update chat_cost_alerts set domain = {a.domain}, alert_type = 'hourly' where domain = {g.domain}",
        "update chat_cost_alerts set domain = {g.domain}, alert_type = 'hourly' where domain = {a.domain}",
        "delete from domains where organization_id = {g.organization}",
        "delete from chat_telemetry where domain = {g.domain}",
        "delete from page_embeddings where domain_id = {g.config}",
        "insert into organization_members (organization_id, user_id, role) values ({g.organization}, gen_random_uuid(), 'viewer')",
        "insert into domains (domain, organization_id) values ('new.example', {g.organization})",
        "insert into chat_telemetry (session_id, model, start_time, success, domain) values ('s', 'm', now(), true, {g.domain})",
        "insert into training_data (user_id, domain, type, input_text, output_text) values ({a.admin}, {g.domain}, 't', 'i', 'o')",
    ] {
        is_refused(&mut witness, &filled(template));
    }
}

#[test]
fn rows_of_people_name_nothing_foreign() {
    let (db, mut client) = two_tenants();
    let before = contents(&mut client);
    let mut witness = owner(&db);
    for template in [
        "insert into organization_members (organization_id, user_id, role) values ({g.organization}, {a.owner}, 'viewer')",
        "insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
            values ({g.organization}, 'me@mail.example', 'a token', 'admin', {a.owner}, now() + interval '1 day')",
        "insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
            values ({a.organization}, 'me@mail.example', 'a token', 'admin', {g.owner}, now() + interval '1 day')",
        "insert into domains (domain, organization_id) values ('new.example', {g.organization})",
        "insert into domains (domain, organization_id) values ('new.example', null)",
        "insert into domains (domain) values ('new.example')",
        "insert into domains (id, domain, organization_id) values ({g.config}, 'new.example', {a.organization})",
        "insert into domains (domain, organization_id, aliases) values ('new.example', {a.organization}, array[{g.domain}])",
        "insert into chat_telemetry (session_id, model, start_time, success, domain) values ('s', 'm', now(), true, {g.domain})",
        "insert into chat_telemetry (session_id, model, start_time, success, domain) values ('s', 'm', now(), true, null)",
        "insert into chat_telemetry (session_id, model, start_time, success) values ('s', 'm', now(), true)",
        "insert into chat_telemetry (session_id, model, start_time, success, domain, conversation_id)
            values ('s', 'm', now(), true, {a.domain}, {g.conversation})",
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ({g.domain}, 'hourly', 0)",
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ('WWW.Globex.Example', 'hourly', 0)",
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values (null, 'hourly', 0)",
        "insert into training_data (user_id, domain, type, input_text, output_text) values ({a.owner}, {g.domain}, 't', 'i', 'o')",
        "insert into training_data (user_id, domain, type, input_text, output_text) values ({a.member}, {a.domain}, 't', 'i', 'o')",
        "insert into training_data (user_id, domain, type, input_text, output_text) values (null, {a.domain}, 't', 'i', 'o')",
        "insert into messages (conversation_id, role, content) values ({g.conversation}, 'user', 'hello')",
        "insert into page_embeddings (page_id, chunk_text) values ({g.page}, 'hello')",
        "insert into widget_config_variants (widget_config_id, variant_name, variant_config) values ({g.widget}, 'mine', '{}')",
    ] {
        is_refused(&mut witness, &filled(template));
    }
    assert_eq!(before, contents(&mut client));
}

/// A foreign key would tell whether the conversation exists, if the policy did not answer first.
#[test]
fn a_foreign_conversation_and_none_are_refused_alike() {
    let (db, _) = two_tenants();
    let mut witness = owner(&db);
    let mut answers = Vec::new();
    for conversation in [GLOBEX.conversation_id(), Uuid::from_u128(0xdead)] {
        let outcome = witness.try_out(&format!(
            "insert into chat_telemetry (session_id, model, start_time, success, domain, conversation_id)
            values ('s', 'm', now(), true, '{}', '{conversation}')",
            ACME.domain()
        ));
        answers.push((outcome.map(|answer| answer.count), witness.last_heard()));
    }
    assert_eq!(answers[0].0, Err(NOT_ALLOWED.to_owned()));
    assert_eq!(answers[0], answers[1]);
}

/// Operators write what they like, but a child is filed where its parent is.
#[test]
fn a_child_is_its_parents_whatever_an_operator_says() {
    let (db, _) = two_tenants();
    let mut operator = Witness::new(&db, &Identity::Service);
    for (template, expected) in [
        ("insert into messages (conversation_id, role, content, domain_id) values ({a.conversation}, 'user', 'x', {g.domain_id})
            returning domain_id", ACME.domain_id()),
        ("update messages set domain_id = {g.domain_id} where conversation_id = {a.conversation} returning domain_id",
            ACME.domain_id()),
        ("update embedding_queue set domain_id = {g.domain_id} where page_id = {a.page} returning domain_id",
            ACME.domain_id()),
        ("update entity_extraction_queue set domain_id = {g.domain_id} where page_id = {a.page} returning domain_id",
            ACME.domain_id()),
        ("insert into product_catalog (page_id, name, domain_id) values ({a.page}, 'x', {g.domain_id}) returning domain_id",
            ACME.domain_id()),
        ("insert into page_embeddings (page_id, chunk_text, domain_id) values ({a.page}, 'x', {g.config}) returning domain_id",
            ACME.config_id()),
        ("update page_embeddings set domain_id = {g.config} where page_id = {a.page} returning domain_id", ACME.config_id()),
        ("insert into widget_config_variants (widget_config_id, variant_name, variant_config, customer_config_id)
            values ({a.widget}, 'x', '{}', {g.config}) returning customer_config_id", ACME.config_id()),
        ("insert into widget_config_history (widget_config_id, version, config_snapshot, customer_config_id)
            values ({a.widget}, '9', '{}', {g.config}) returning customer_config_id", ACME.config_id()),
    ] {
        let sql = filled(template);
        let filed = operator.try_out(&sql).unwrap_or_else(|code| panic!("{code}: {sql}"));
        assert!(filed.count > 0, "{sql}");
        for id in filed.rows {
            assert_eq!(id, expected.to_string(), "{sql}");
        }
    }
}

/// `domain_id` is the id of a domain here and of a configuration there: an id that is one of each must not open both.
#[test]
fn an_id_that_is_also_anothers_opens_nothing() {
    let (db, mut client) = two_tenants();
    let sees = |identity: &Identity, role: &str| {
        let seen = rows_seen(&mut db.session(identity), role);
        let is_the_twin = |line: &String| {
            ["domains", "customer_configs", "customer_settings"]
                .iter()
                .any(|table| line.starts_with(table))
        };
        seen.into_iter()
            .filter(|line| !is_the_twin(line))
            .collect::<Vec<_>>()
    };
    let before = sees(&ACME.person("owner"), "authenticated");
    client.run(&filled(
        "insert into domains (id, domain, organization_id) values ({g.config}, 'twin.example', {a.organization});
        insert into customer_configs (id, domain, organization_id) values ({g.domain_id}, 'twin.example', {a.organization});
        insert into organizations (id, name, slug) values ({g.config}, 'twin', 'twin');
        insert into organization_members (organization_id, user_id, role) values ({g.config}, {a.admin}, 'owner')",
    ));
    assert_eq!(sees(&ACME.person("owner"), "authenticated"), before);
    let twin = sees(
        &Identity::ChatServer("twin.example".to_owned()),
        "chat_server",
    );
    let own: Vec<_> = twin
        .iter()
        .filter(|line| !line.starts_with("global_synonym_mappings"))
        .collect();
    assert!(own.is_empty(), "{own:?}");
    let mut witness = owner(&db);
    for template in [
        "delete from page_embeddings where domain_id = {g.config}",
        "select frontdesk.hybrid_search('twin.example', 'refund')",
        "select frontdesk.hybrid_search('twin.example', 'globex')",
    ] {
        let answer = witness.try_out(&filled(template)).expect("nothing to find");
        assert_eq!(answer.count, 0, "{template}");
    }
}

#[test]
fn an_upsert_never_reaches_a_foreign_row() {
    let (db, mut client) = two_tenants();
    let before = contents(&mut client);
    let mut witness = owner(&db);
    for template in [
        "insert into domains (domain, organization_id) values ({g.domain}, {a.organization})
            on conflict (domain) do update set name = 'mine'",
        "insert into domains (domain, organization_id) values ({g.domain}, {g.organization})
            on conflict (domain) do update set name = 'mine'",
        "insert into domains (domain, organization_id) values ({g.domain}, {g.organization}) on conflict do nothing",
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ({g.domain}, 'daily', 0)
            on conflict (domain, alert_type) do update set threshold_usd = 0",
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ({g.domain}, 'daily', 0) on conflict do nothing",
        "insert into organization_members (organization_id, user_id, role) values ({g.organization}, {g.viewer}, 'viewer')
            on conflict (organization_id, user_id) do update set role = 'owner'",
        "insert into organization_members (organization_id, user_id, role) values ({g.organization}, {a.owner}, 'owner')
            on conflict do nothing",
        "insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
            values ({a.organization}, 'x@mail.example', 'canary of', 'admin', {g.owner}, now()) on conflict (token) do nothing",
        "merge into domains as d using (select {g.domain} as domain) as s on d.domain = s.domain
            when matched then update set name = 'mine'",
        "merge into organization_members as m using (select {g.owner}::uuid as id) as s on m.user_id = s.id
            when matched then delete",
    ] {
        is_refused(&mut witness, &filled(template));
    }
    assert_eq!(before, contents(&mut client));
}
