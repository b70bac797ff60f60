-- $1 segment, $2 first lexemes, $3 blocks
insert into frontdesk_internal.search_postings (segment, first_lexeme, block)
select $1, b.first_lexeme, b.block from unnest($2::bytea[], $3::bytea[]) as b (first_lexeme, block)
