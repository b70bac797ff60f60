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

comment on function frontdesk.chunk_text is
    'Cuts a text into chunks for search and embedding, measured in characters or in tokens of cl100k_base. Positions and '
    'lengths count characters, from 1; '
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
