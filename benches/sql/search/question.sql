-- $1 tenant, $2 number, $3 configuration, $4 vector, $5 whether to compare all vectors: stores one question of the tenant. Its words
-- are five in a row, and 500 in a row, from chunks of the tenant.
insert into bench.questions (tenant, n, words, long_words, embedding, nearest)
select $1::integer, $2::integer, array_to_string(w.words[3:7], ' '), array_to_string(w.words[1:500], ' '), $4,
    case when $5 then array(
        select e.id from page_embeddings as e where e.domain_id = $3 order by (e.embedding <=> $4) + 0 limit 10
    ) else '{}' end
from (
    select regexp_split_to_array(string_agg(regexp_replace(c.chunk_text, '[^[:alnum:] ]+', ' ', 'g'), ' '), ' +') as words
    from (
        select e.chunk_text
        from page_embeddings as e
        where e.domain_id = $3
        order by md5(e.id::text || $2::integer::text)
        limit 8
    ) as c
) as w
