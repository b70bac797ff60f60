-- Indexes on operator classes of the extension. DROP EXTENSION ... CASCADE drops them; the installer makes them anew.

-- Searches the chunks of one domain by the stored vector (search_vector operator(frontdesk.@~) ...), also under row level security.
create index idx_page_embeddings_search on page_embeddings using gin (domain_id, search_vector frontdesk.tsvector_match_ops);
