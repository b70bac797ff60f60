-- The index of words of one tenant. What a search reads of it is read in src/search/legs/text/index.rs.

-- Definer: removes bookkeeping; no role may call it, triggers do.
create or replace function frontdesk.drop_search_index(config_id uuid)
returns void
language plpgsql security definer
as $$
begin
    delete from frontdesk_internal.search_changes as c where c.domain_id = config_id;
    delete from frontdesk_internal.search_postings as p
    using frontdesk_internal.search_segments as s
    where s.domain_id = config_id and p.segment = s.segment;
    delete from frontdesk_internal.search_segments as s where s.domain_id = config_id;
    delete from frontdesk_internal.vector_codes as c where c.config_id = drop_search_index.config_id;
    delete from frontdesk_internal.uncoded_vectors as u where u.config_id = drop_search_index.config_id;
    delete from frontdesk_internal.dead_vector_codes as d where d.config_id = drop_search_index.config_id;
end
$$;

comment on function frontdesk.drop_search_index is
    'Removes the index of words of a configuration, and the codes of its vectors.';

comment on function frontdesk.fold_search_changes is
    'Brings the index of words of a configuration up to date once at least so many chunks have changed; returns how many it took in. Nothing while somebody else does so.';
comment on function frontdesk.fold_noted_changes is
    'The same for a writer who has just noted so many changes, once enough wait.';
comment on function frontdesk.fold_noted_vectors is
    'Makes codes for the vectors of a configuration that have none, for a writer who has just noted so many, once enough wait.';
comment on function frontdesk.rebuild_search_statistics is
    'Makes the index of words of a domain and the copies of its vectors anew from its chunks; returns how many those are.';
comment on function frontdesk.verify_search_statistics is
    'What differs between a domain''s chunks and its index of words, statistics and copies of vectors: no row when nothing does.';
comment on function frontdesk.collect_codes is
    'Shows a row of vector codes to the search that is under way in the same backend; returns how many vectors it has.';
comment on function frontdesk.collect_similarity is
    'Shows a chunk with its vector to the search that is under way in the same backend. True.';
