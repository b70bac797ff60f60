-- $1 configuration: makes the lexemes of its chunks that have none; the trigger that derives them does
update page_embeddings as e set search_vector = null where e.domain_id = $1 and e.search_vector is null
