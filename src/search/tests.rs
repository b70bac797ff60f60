//! Inside a server: what search and synonyms return.

use pgrx::prelude::*;

#[pg_schema]
mod tests {
    use pgrx::prelude::*;

    fn one_page() {
        Spi::run(
            "insert into organizations (id, name, slug) values ('a0000000-0000-4000-8000-000000000001', 'Acme', 'acme');
             select frontdesk.register_domain('a0000000-0000-4000-8000-000000000001', 'acme.example');
             select frontdesk.ingest_page('acme.example', 'https://acme.example/', '<h1>Refunds</h1><p>Within two weeks.')",
        )
        .expect("a page");
    }

    #[pg_test]
    fn a_word_of_a_page_finds_it() {
        one_page();
        let url = Spi::get_one::<String>(
            "select url from frontdesk.hybrid_search('acme.example', 'refund')",
        );
        assert_eq!(url, Ok(Some("https://acme.example/".into())));
    }

    #[pg_test]
    fn a_synonym_of_a_word_finds_a_page() {
        one_page();
        Spi::run("select frontdesk.set_synonyms('acme.example', 'Money  BACK', array['refund'])")
            .expect("set");
        let synonym = Spi::get_one::<String>(
            "select synonym from frontdesk.expand_synonyms('acme.example', 'Do I get my money back?')",
        );
        assert_eq!(synonym, Ok(Some("refund".into())));
        let found = Spi::get_one::<i64>(
            "select count(*) from frontdesk.hybrid_search('acme.example', 'money back')",
        );
        assert_eq!(found, Ok(Some(1)));
    }

    #[pg_test(error = "the domain does not exist or is not yours")]
    fn an_unknown_domain_is_refused() {
        Spi::run("select frontdesk.hybrid_search('nobody.example', 'refund')").expect("refused");
    }
}
