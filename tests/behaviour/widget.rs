//! Every change of a widget leaves a version, one configuration of a customer is active, and the active variants share
//! at most all of its traffic.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql, Tenant};

use super::{
    CHECK_VIOLATION, ISOLATION_LEVELS, SERIALIZATION_FAILURE, at_once, refusal, two_tenants,
};

/// ACME's widget of the tenants, version 1, and two further ones that are not active.
fn three_widgets() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run("delete from widget_config_variants");
    for version in ["2", "3"] {
        client.run(&insert_widget(version, false));
    }
    (db, client)
}

fn insert_widget(version: &str, is_active: bool) -> String {
    format!(
        "insert into widget_configs (customer_config_id, version, config_data, is_active)
         values ('{}', '{version}', '{{}}', {is_active})",
        ACME.config_id()
    )
}

/// An UPDATE of one of ACME's widgets.
fn change(version: &str, change: &str) -> String {
    format!(
        "update widget_configs set {change} where version = '{version}' and customer_config_id = '{}'",
        ACME.config_id()
    )
}

fn active(client: &mut Client) -> Vec<String> {
    client.rows(&format!(
        "select version from widget_configs where is_active and customer_config_id = '{}'",
        ACME.config_id()
    ))
}

fn history(client: &mut Client) -> Vec<String> {
    client.rows(&format!(
        "select h.version, h.config_snapshot, h.changed_by from widget_config_history as h
         join widget_configs as w on w.id = h.widget_config_id
         where w.customer_config_id = '{}' order by h.created_at",
        ACME.config_id()
    ))
}

#[test]
fn every_state_of_a_widget_is_kept_with_who_made_it() {
    let (_db, mut client) = two_tenants();
    client.run(&change("1", "config_data = '{\"color\": \"red\"}'"));
    client.run(&format!(
        "set request.jwt.claims = '{{\"sub\": \"{}\"}}'",
        ACME.user_id("admin")
    ));
    client.run(&change("1", "version = '2'"));
    assert_eq!(
        history(&mut client),
        [
            r#"1|{"color": "acme"}|null"#.to_owned(),
            r#"1|{"color": "red"}|null"#.to_owned(),
            format!(r#"2|{{"color": "red"}}|{}"#, ACME.user_id("admin")),
        ]
    );
}

#[test]
fn switching_a_widget_leaves_no_version() {
    let (_db, mut client) = two_tenants();
    client.run(&change("1", "is_active = false, config_data = config_data"));
    assert_eq!(history(&mut client).len(), 1);
}

#[test]
fn a_new_active_widget_deactivates_the_others() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_widget("4", true));
    assert_eq!(active(&mut client), ["4"]);
}

#[test]
fn a_widget_that_is_activated_deactivates_the_others() {
    let (_db, mut client) = three_widgets();
    client.run(&change("3", "is_active = true"));
    assert_eq!(active(&mut client), ["3"]);
}

#[test]
fn an_inactive_widget_leaves_the_active_one() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_widget("4", false));
    client.run(&change("2", "config_data = '[]'"));
    assert_eq!(active(&mut client), ["1"]);
}

#[test]
fn a_customer_may_have_no_active_widget() {
    let (_db, mut client) = three_widgets();
    client.run(&change("1", "is_active = false"));
    assert_eq!(active(&mut client), Vec::<String>::new());
}

#[test]
fn of_several_activated_at_once_one_is_active() {
    let (_db, mut client) = three_widgets();
    client.run("update widget_configs set is_active = true");
    assert_eq!(active(&mut client).len(), 1);
    client.run(&format!(
        "insert into widget_configs (customer_config_id, version, config_data)
         select '{}', version, '{{}}' from unnest(array['5', '6', '7']) as version",
        ACME.config_id()
    ));
    assert_eq!(active(&mut client).len(), 1);
}

#[test]
fn another_customers_widgets_stay_as_they_are() {
    let (_db, mut client) = three_widgets();
    client.run(&change("3", "is_active = true"));
    let others = format!(
        "select is_active from widget_configs where customer_config_id = '{}'",
        GLOBEX.config_id()
    );
    assert_eq!(client.row(&others), "t");
}

#[test]
fn an_active_widget_that_moves_in_deactivates_the_others() {
    let (_db, mut client) = three_widgets();
    client.run(&format!(
        "update widget_configs set customer_config_id = '{}', version = 'moved' where customer_config_id = '{}'",
        ACME.config_id(),
        GLOBEX.config_id()
    ));
    assert_eq!(active(&mut client), ["moved"]);
}

#[test]
fn two_widgets_activated_at_once_are_not_both_active() {
    for isolation in ISOLATION_LEVELS {
        for second_statement in [&change("3", "is_active = true"), &insert_widget("4", true)] {
            let (db, mut client) = three_widgets();
            let refused = at_once(
                &db,
                isolation,
                (&mut db.superuser(), &change("2", "is_active = true")),
                (&mut db.superuser(), second_statement),
            );
            if isolation == "repeatable read" {
                assert_eq!(refused.as_deref(), Some(SERIALIZATION_FAILURE));
            }
            assert_eq!(active(&mut client).len(), 1, "{isolation}");
        }
    }
}

/// An INSERT of a variant of ACME's first widget.
fn insert_variant(name: &str, traffic: i32, is_active: bool) -> String {
    format!(
        "insert into widget_config_variants (widget_config_id, variant_name, variant_config, traffic_percentage, is_active)
         select id, '{name}', '{{}}', {traffic}, {is_active} from widget_configs
         where version = '1' and customer_config_id = '{}'",
        ACME.config_id()
    )
}

#[test]
fn active_variants_share_at_most_all_of_the_traffic() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_variant("a", 60, true));
    client.run(&insert_variant("b", 40, true));
    client.run(&insert_variant("c", 0, true));
    assert_eq!(
        client.refusal(&insert_variant("d", 1, true)),
        CHECK_VIOLATION
    );
    let more = "update widget_config_variants set traffic_percentage = 1 where variant_name = 'c'";
    assert_eq!(client.refusal(more), CHECK_VIOLATION);
}

#[test]
fn an_inactive_variant_counts_when_it_is_activated() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_variant("a", 60, true));
    client.run(&insert_variant("b", 60, false));
    let activation = "update widget_config_variants set is_active = true where variant_name = 'b'";
    assert_eq!(client.refusal(activation), CHECK_VIOLATION);
    client.run(&format!(
        "update widget_config_variants set is_active = false where variant_name = 'a'; {activation}"
    ));
}

#[test]
fn shares_change_together_in_one_statement() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_variant("a", 90, true));
    client.run(&insert_variant("b", 10, true));
    client.run("update widget_config_variants set traffic_percentage = 100 - traffic_percentage");
}

#[test]
fn a_variant_that_moves_to_another_widget_counts_there() {
    let (_db, mut client) = three_widgets();
    client.run(&insert_variant("a", 60, true));
    client.run(&insert_variant("b", 40, true));
    let to = |version: &str| {
        format!(
            "update widget_config_variants set widget_config_id = (select id from widget_configs where version = '{version}'
                and customer_config_id = '{}') where variant_name = 'a'",
            ACME.config_id()
        )
    };
    client.run(&to("2"));
    client.run(&insert_variant("c", 60, true));
    assert_eq!(client.refusal(&to("1")), CHECK_VIOLATION);
}

#[test]
fn two_variants_added_at_once_do_not_share_more_than_all_of_the_traffic() {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client) = three_widgets();
        let refused = at_once(
            &db,
            isolation,
            (&mut db.superuser(), &insert_variant("a", 60, true)),
            (&mut db.superuser(), &insert_variant("b", 60, true)),
        );
        assert_eq!(refused, refusal(isolation, CHECK_VIOLATION));
        let total = "select sum(traffic_percentage) from widget_config_variants";
        assert_eq!(client.row(total), "60");
    }
}

/// Distinct customers of the variants and versions of the widgets that have this one.
fn filed(client: &mut Client, customer: &str) -> Vec<String> {
    ["widget_config_variants", "widget_config_history"]
        .iter()
        .flat_map(|table| {
            client.rows(&format!(
                "select distinct f.customer_config_id from {table} as f
                 join widget_configs as w on w.id = f.widget_config_id where w.customer_config_id = '{customer}'"
            ))
        })
        .collect()
}

#[test]
fn variants_and_versions_are_filed_under_their_widgets_customer_whatever_is_given() {
    let (_db, mut client) = two_tenants();
    let (acme, globex) = (ACME.config_id().to_string(), GLOBEX.config_id().to_string());
    client.run(&format!(
        "insert into widget_config_variants (widget_config_id, variant_name, variant_config, customer_config_id)
         select id, 'forged', '{{}}', '{globex}' from widget_configs where customer_config_id = '{acme}';
         insert into widget_config_history (widget_config_id, version, config_snapshot, customer_config_id)
         select id, 'forged', '{{}}', '{globex}' from widget_configs where customer_config_id = '{acme}'"
    ));
    assert_eq!(filed(&mut client, &acme), [&*acme, &*acme]);
    for table in ["widget_config_variants", "widget_config_history"] {
        for forged in [format!("'{globex}'"), "null".into()] {
            client.run(&format!("update {table} set customer_config_id = {forged}"));
            assert_eq!(filed(&mut client, &acme), [&*acme, &*acme], "{table}");
        }
    }
}

#[test]
fn variants_and_versions_follow_their_widget_to_another_customer() {
    let (_db, mut client) = two_tenants();
    let globex = GLOBEX.config_id().to_string();
    client.run(&change("1", &format!("customer_config_id = '{globex}'")));
    assert_eq!(filed(&mut client, &globex), [&*globex, &*globex]);
}

#[test]
fn a_version_written_while_its_widget_moves_goes_along() {
    let (db, mut client) = two_tenants();
    let globex = GLOBEX.config_id().to_string();
    let (mut mover, mut writer) = (db.superuser(), db.superuser());
    let move_to = |tenant: Tenant| {
        format!(
            "update widget_configs set customer_config_id = '{}' where config_data @> '{{\"color\": \"acme\"}}'",
            tenant.config_id()
        )
    };
    let writing = "insert into widget_config_history (widget_config_id, version, config_snapshot)
        select id, 'late', '{}' from widget_configs where config_data @> '{\"color\": \"acme\"}'";

    writer.run(&format!("begin; {writing}"));
    db.waits(&mut writer, "commit", &mut mover, &move_to(GLOBEX))
        .expect("move the widget");
    assert_eq!(filed(&mut client, &globex), [&*globex, &*globex]);

    mover.run(&format!("begin; {}", move_to(ACME)));
    db.waits(&mut mover, "commit", &mut writer, writing)
        .expect("write the version");
    let acme = ACME.config_id().to_string();
    assert_eq!(filed(&mut client, &acme), [&*acme, &*acme]);
}
