-- Content and its queues.

create or replace function frontdesk.embedded_text(heading_path text[], chunk_text text) returns text
language sql immutable parallel safe
return case
    when cardinality(heading_path) > 0 then array_to_string(heading_path, ' > ') || E'\n' || chunk_text
    else chunk_text
end;

comment on function frontdesk.embedded_text is
    'The text of a chunk that is embedded: the headings above it, then the chunk.';

create or replace function frontdesk.text_hash(content text) returns text
language sql immutable strict parallel safe
return encode(sha256(convert_to(content, 'UTF8')), 'hex');

comment on function frontdesk.text_hash is 'SHA-256 of a text in UTF-8, as 64 hexadecimal digits.';

create or replace function frontdesk.queue_status()
returns table (
    queue text, domain text, pending bigint, processing bigint, completed bigint, failed bigint, oldest_pending interval
)
language sql stable as $$
    select j.queue, d.domain,
        count(*) filter (where j.status = 'pending'),
        count(*) filter (where j.status = 'processing'),
        count(*) filter (where j.status = 'completed'),
        count(*) filter (where j.status = 'failed'),
        now() - min(j.created_at) filter (where j.status = 'pending')
    from (
        select 'embedding' as queue, q.domain_id, q.status, q.created_at from embedding_queue as q
        union all
        select 'entity_extraction', q.domain_id, q.status, q.created_at from entity_extraction_queue as q
        union all
        select 'scrape', q.domain_id,
            -- A crawl that was cancelled is over like one that ended.
            case q.status when 'running' then 'processing' when 'cancelled' then 'completed' else q.status end,
            q.created_at
        from scrape_jobs as q
    ) as j
    left join domains as d on d.id = j.domain_id
    group by j.queue, d.domain
    order by j.queue, d.domain
$$;

comment on function frontdesk.queue_status is
    'Jobs of each queue and domain by state, and how long the oldest pending one has waited. Shows the caller''s domains.';

comment on function frontdesk.chunk_text is
    'Cuts a text into chunks for search and embedding. Positions and lengths count characters, from 1; '
    'substr(content, chunk_start, chunk_length) is the chunk. Prefers to cut at headings, paragraphs, list items, '
    'sentences and words, in this order, and never inside a grapheme unless it alone exceeds the maximum.';
comment on function frontdesk.extract_html is
    'Title, description, language, canonical url, main content as Markdown, headings and schema.org products and '
    'questions of an HTML page, however broken. Never raises for the content.';
comment on function frontdesk.ingest_page is
    'Stores a page of a domain: extracts its content, cuts it into chunks, keeps the chunks that did not change with '
    'their vectors and queues the page when a chunk needs a vector. The same page again writes nothing.';
comment on function frontdesk.remove_page is
    'Removes a page with its chunks and queue entries; false when the domain has no such page.';
comment on function frontdesk.mark_page_failed is
    'Records that a page could not be fetched; what is stored of it stays. Returns its id.';
comment on function frontdesk.claim_embedding_jobs is
    'Claims chunks that have no vector yet, oldest pages first, and leases their pages for the given time.';
comment on function frontdesk.complete_embedding_jobs is
    'Stores the vectors of a claim; tells for each chunk whether it was stored, stale or invalid.';
comment on function frontdesk.fail_embedding_jobs is
    'Gives a claim up as retryable, rate_limited or fatal; returns the number of its jobs.';
comment on function frontdesk.set_embedding_model is
    'Sets the model whose vectors the database holds and the length of its vectors, and queues every chunk.';
