//! Terms and synonyms are stored in one form that matching can rely on.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Sql};

use super::{CHECK_VIOLATION, UNIQUE_VIOLATION, two_tenants};

/// Runs an INSERT into each of the two tables; the domain's are ACME's.
fn in_both_tables(term: &str, synonyms: &str, mut look: impl FnMut(&mut Client, &str)) {
    let (_db, mut client) = two_tenants();
    client.run("delete from global_synonym_mappings; delete from domain_synonym_mappings");
    let config = ACME.config_id();
    for (table, column, value) in [
        ("global_synonym_mappings", "", String::new()),
        (
            "domain_synonym_mappings",
            "domain_id, ",
            format!("'{config}', "),
        ),
    ] {
        let insert = format!(
            "insert into {table} ({column}term, synonyms) values ({value}{term}, {synonyms}) returning term, synonyms"
        );
        look(&mut client, &insert);
    }
}

fn stored(term: &str, synonyms: &str, expected: &str) {
    in_both_tables(term, synonyms, |client, insert| {
        assert_eq!(client.row(insert), expected);
    });
}

fn refused(term: &str, synonyms: &str) {
    in_both_tables(term, synonyms, |client, insert| {
        assert_eq!(client.refusal(insert), CHECK_VIOLATION, "{insert}");
    });
}

#[test]
fn terms_and_synonyms_are_in_lower_case_with_single_spaces() {
    stored(
        r"E'  Opening \n\t HOURS '",
        "array[' Business   Hours', 'OPEN']",
        r#"opening hours|{"business hours",open}"#,
    );
}

#[test]
fn compatible_characters_are_one() {
    // A ligature, full width, a combining accent, a no-break space.
    stored(
        r"U&'\FB01ne'",
        r"array[U&'\FF21\FF22', U&'cafe\0301', U&'a\00A0b']",
        r#"fine|{ab,café,"a b"}"#,
    );
}

#[test]
fn doubles_empty_ones_and_the_term_itself_are_dropped_and_the_order_stays() {
    stored(
        "'faq'",
        "array['help', 'FAQ', '', ' ', null, 'answers', 'HELP', 'a']",
        "faq|{help,answers,a}",
    );
}

#[test]
fn an_empty_term_is_refused() {
    for term in ["''", "'  '", r"U&'\00A0'"] {
        refused(term, "array['help']");
    }
}

#[test]
fn a_term_without_a_synonym_other_than_itself_is_refused() {
    for synonyms in ["array['FAQ ', '']", "array[]::text[]", "array[null::text]"] {
        refused("'faq'", synonyms);
    }
}

#[test]
fn a_term_in_another_spelling_is_the_same_term() {
    in_both_tables("'faq'", "array['help']", |client, insert| {
        client.run(insert);
        let again = insert.replace("'faq'", "' FAQ '");
        assert_eq!(client.refusal(&again), UNIQUE_VIOLATION);
    });
}

#[test]
fn another_domain_has_the_same_term() {
    let (_db, mut client) = two_tenants();
    let insert = |config| {
        format!(
            "insert into domain_synonym_mappings (domain_id, term, synonyms) values ('{config}', 'faq', array['help'])"
        )
    };
    client.run(&insert(ACME.config_id()));
    client.run(&insert(GLOBEX.config_id()));
}

#[test]
fn a_changed_mapping_is_normalised_too() {
    in_both_tables("'faq'", "array['help']", |client, insert| {
        client.run(insert);
        let table = if insert.contains("domain_id") {
            "domain_synonym_mappings"
        } else {
            "global_synonym_mappings"
        };
        let changed = format!(
            "update {table} set term = 'FAQs ', synonyms = array[' Help', 'help', 'FAQS'] returning term, synonyms"
        );
        assert_eq!(client.row(&changed), "faqs|{help}");
        let emptied = format!("update {table} set synonyms = array['faqs']");
        assert_eq!(client.refusal(&emptied), CHECK_VIOLATION);
    });
}
