//! Members and pending invitations never exceed max_seats.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, Sql, Uuid};

use crate::behaviour::{
    CHECK_VIOLATION, ISOLATION_LEVELS, UNIQUE_VIOLATION, at_once, refusal, two_tenants,
};

/// ACME with four members, one open invitation and this many seats.
fn acme_with_seats(seats: i32) -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&set_seats(&seats.to_string()));
    (db, client)
}

fn set_seats(seats: &str) -> String {
    format!(
        "update organizations set max_seats = {seats} where id = '{}'",
        ACME.organization_id()
    )
}

/// An INSERT of this many new members.
fn join(people: i32) -> String {
    format!(
        "insert into organization_members (organization_id, user_id)
         select '{}', gen_random_uuid() from generate_series(1, {people})",
        ACME.organization_id()
    )
}

/// An INSERT of an invitation that expires after `lifetime`.
fn invite(email: &str, lifetime: &str) -> String {
    format!(
        "insert into organization_invitations (organization_id, email, token, invited_by, expires_at)
         values ('{}', '{email}', '{}', '{}', now() + interval '{lifetime}')",
        ACME.organization_id(),
        Uuid::new_v4(),
        ACME.user_id("owner")
    )
}

fn taken(client: &mut Client) -> String {
    client.row(&format!(
        "select count(*) from (
            select organization_id from organization_members
            union all
            select organization_id from organization_invitations where accepted_at is null and expires_at > now()
         ) as seats where organization_id = '{}'",
        ACME.organization_id()
    ))
}

#[test]
fn members_and_open_invitations_share_the_seats() {
    let (_db, mut client) = acme_with_seats(6);
    client.run(&join(1));
    assert_eq!(client.refusal(&join(1)), CHECK_VIOLATION);
    let invitation = invite("late@acme.example", "1 day");
    assert_eq!(client.refusal(&invitation), CHECK_VIOLATION);
    assert_eq!(taken(&mut client), "6");
}

#[test]
fn people_meet_the_limit_too() {
    let (db, mut client) = acme_with_seats(6);
    let mut owner = db.session(&ACME.person("owner"));
    owner.run(&invite("one@acme.example", "1 day"));
    let refused = owner.refusal(&invite("two@acme.example", "1 day"));
    assert_eq!(refused, CHECK_VIOLATION);
    assert_eq!(taken(&mut client), "6");
}

#[test]
fn several_who_come_at_once_are_all_let_in_or_none() {
    let (_db, mut client) = acme_with_seats(7);
    assert_eq!(client.refusal(&join(3)), CHECK_VIOLATION);
    assert_eq!(taken(&mut client), "5");
    client.run(&join(2));
}

#[test]
fn an_organization_without_max_seats_has_no_limit() {
    let (_db, mut client) = acme_with_seats(5);
    client.run(&set_seats("null"));
    client.run(&join(100));
    assert_eq!(taken(&mut client), "105");
}

#[test]
fn an_expired_invitation_holds_no_seat() {
    let (_db, mut client) = acme_with_seats(5);
    assert_eq!(client.refusal(&join(1)), CHECK_VIOLATION);
    client
        .run("update organization_invitations set expires_at = now() where email like '%@acme.%'");
    client.run(&join(1));
}

#[test]
fn an_expired_invitation_that_is_extended_needs_a_seat_again() {
    let (_db, mut client) = acme_with_seats(5);
    client
        .run("update organization_invitations set expires_at = now() where email like '%@acme.%'");
    client.run(&join(1));
    let extension = "update organization_invitations set expires_at = now() + interval '1 day' where email like '%@acme.%'";
    assert_eq!(client.refusal(extension), CHECK_VIOLATION);
}

#[test]
fn an_expired_invitation_is_replaced_by_one_to_the_same_address() {
    let (_db, mut client) = acme_with_seats(6);
    client.run(&invite("Late@Acme.example ", "-1 day"));
    client.run(&invite(" late@acme.example", "1 day"));
    let left = client.rows(
        "select email, expires_at > now() from organization_invitations where email ilike '%late@acme%'",
    );
    assert_eq!(left, ["late@acme.example|t"]);
}

#[test]
fn an_address_has_one_open_invitation_however_it_is_spelt() {
    let (_db, mut client) = acme_with_seats(10);
    let again = invite(" INVITED@acme.example", "1 day");
    assert_eq!(client.refusal(&again), UNIQUE_VIOLATION);
}

#[test]
fn whoever_accepts_takes_the_seat_that_the_invitation_held() {
    let (_db, mut client) = acme_with_seats(5);
    client.run(
        "with accepted as (
            update organization_invitations set accepted_at = now() where email = 'invited@acme.example'
            returning organization_id
         )
         insert into organization_members (organization_id, user_id)
         select organization_id, gen_random_uuid() from accepted",
    );
    assert_eq!(taken(&mut client), "5");
    assert_eq!(client.refusal(&join(1)), CHECK_VIOLATION);
}

#[test]
fn an_invitation_that_is_reopened_needs_a_seat_again() {
    let (_db, mut client) = acme_with_seats(5);
    client.run("update organization_invitations set accepted_at = now() where email = 'invited@acme.example'");
    client.run(&join(1));
    let reopening = "update organization_invitations set accepted_at = null where email = 'invited@acme.example'";
    assert_eq!(client.refusal(reopening), CHECK_VIOLATION);
}

#[test]
fn a_member_or_invitation_that_moves_in_needs_a_seat() {
    let (_db, mut client) = acme_with_seats(5);
    for (table, who) in [
        ("organization_members", "role = 'viewer'"),
        ("organization_invitations", "email like '%@globex.%'"),
    ] {
        let acme = ACME.organization_id();
        let moving = format!(
            "update {table} set organization_id = '{acme}' where {who} and organization_id <> '{acme}'"
        );
        assert_eq!(client.refusal(&moving), CHECK_VIOLATION, "{table}");
    }
}

#[test]
fn max_seats_is_never_lowered_below_the_seats_in_use() {
    let (_db, mut client) = acme_with_seats(6);
    assert_eq!(client.refusal(&set_seats("4")), CHECK_VIOLATION);
    client.run(&set_seats("5"));
    client.run(&set_seats("null"));
    assert_eq!(client.refusal(&set_seats("4")), CHECK_VIOLATION);
}

/// Both take what is there once; exactly one of them gets it.
fn only_one_succeeds(first_statement: &str, second_statement: &str, left: &str) {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client) = acme_with_seats(6);
        let (mut first, mut second) = (db.superuser(), db.superuser());
        let refused = at_once(
            &db,
            isolation,
            (&mut first, first_statement),
            (&mut second, second_statement),
        );
        assert_eq!(refused, refusal(isolation, CHECK_VIOLATION));
        assert_eq!(taken(&mut client), left, "{isolation}");
    }
}

#[test]
fn of_two_who_take_the_last_seat_at_once_one_is_refused() {
    only_one_succeeds(&join(1), &join(1), "6");
}

#[test]
fn a_member_and_an_invitation_do_not_both_take_the_last_seat() {
    only_one_succeeds(&join(1), &invite("late@acme.example", "1 day"), "6");
}

#[test]
fn a_seat_taken_while_max_seats_is_lowered_counts() {
    only_one_succeeds(&join(1), &set_seats("5"), "6");
    only_one_succeeds(&set_seats("5"), &join(1), "5");
}

#[test]
fn a_seat_is_free_for_the_next_when_the_first_gives_up() {
    let (db, mut client) = acme_with_seats(6);
    let (mut first, mut second) = (db.superuser(), db.superuser());
    first.run("begin");
    first.run(&join(1));
    db.waits(&mut first, "rollback", &mut second, &join(1))
        .expect("the second takes the seat");
    assert_eq!(taken(&mut client), "6");
}
