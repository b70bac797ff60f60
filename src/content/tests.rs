//! Inside a server: what the functions return, as SQL sees it.

use pgrx::prelude::*;

#[pg_schema]
mod tests {
    use pgrx::prelude::*;

    fn is_true(condition: &str) -> bool {
        Spi::get_one(condition).expect("a condition") == Some(true)
    }

    #[pg_test]
    fn a_chunk_is_the_substring_that_it_says_it_is() {
        assert!(is_true(
            "select count(*) > 3 and bool_and(substr(t.text, c.chunk_start, c.chunk_length) = c.content)
             from (select repeat('Ein Satz über Öl. 12.50 € 👩‍🚀 ', 20) as text) as t,
                frontdesk.chunk_text(t.text, 120, 20) as c"
        ));
    }

    #[pg_test]
    fn chunks_can_be_measured_in_tokens() {
        assert!(is_true(
            "select count(*) > 3 and max(c.token_count) between 10 and 20 and bool_and(substr(t.text, c.chunk_start, c.chunk_length) = c.content)
             from (select repeat('Ein Satz über Öl. 12.50 € 👩‍🚀 ', 20) as text) as t,
                frontdesk.chunk_text(t.text, 20, 0, unit => 'tokens') as c"
        ));
    }

    #[pg_test]
    fn a_part_of_a_table_repeats_its_header_in_a_column_of_its_own() {
        assert!(is_true(
            "select count(*) = 6 and count(c.table_header) = 5 and bool_and(substr(t.text, c.chunk_start, c.chunk_length) = c.content)
                and max(c.table_header) = E'| No | Name |\\n|----|------|' and not bool_or(c.oversized)
             from (select E'| No | Name |\\n|----|------|\\n' || repeat(E'| 100 | a good shoe |\\n', 6) as text) as t,
                frontdesk.chunk_text(t.text, 64, 0, 'markdown') as c"
        ));
    }

    #[pg_test]
    fn a_markdown_chunk_knows_its_headings() {
        assert!(is_true(
            "select count(*) > 1 and bool_and(c.heading_path = array['Shop', 'Refunds'])
             from frontdesk.chunk_text(
                E'# Shop\\n\\n' || repeat('Welcome. ', 9) || E'\\n\\n## Refunds\\n\\n' || repeat('Within weeks. ', 9), 64, 0, 'markdown') as c
             where c.content like '%Within%'",
        ));
    }

    #[pg_test]
    fn a_page_says_what_it_is_about() {
        assert!(is_true(
            "select title = 'Kettle' and description = 'All about it' and language = 'en' and canonical_url = '/kettle'
                and content like '%boils%' and content not like '%<%' and headings = '[{\"level\": 1, \"text\": \"Kettle\"}]'
             from frontdesk.extract_html('<html lang=en><title>Kettle</title><meta name=description content=\"All about it\">
                <link rel=canonical href=/kettle><h1>Kettle</h1><p>It <b>boils')"
        ));
    }

    #[pg_test]
    fn what_a_page_declares_can_always_be_stored() {
        assert!(is_true(
            "select products->0->>'name' = U&'a\\FFFDb'
             from frontdesk.extract_html('<script type=\"application/ld+json\">{\"@type\": \"Product\", \"name\": \"a\\u0000b\"}</script>')"
        ));
    }

    #[pg_test(error = "chunk size must be between 64 and 32768 characters, got 0")]
    fn a_chunk_size_of_nothing_is_refused() {
        Spi::run("select frontdesk.chunk_text('text', 0)").expect("refused");
    }
}
