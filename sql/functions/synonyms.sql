-- Synonyms: what holds for a domain, and how lists of them come and go.

-- Definer: lets the caller look synonyms up by index. && is not leakproof, so that under row level security every entry of
-- the domain would be compared. Answers for the configurations that the caller may read, as the policy does.
create or replace function frontdesk.synonym_entries(config_id uuid, names text[])
returns table (name text, synonyms text[], is_term boolean, source text, priority integer)
language plpgsql stable security definer rows 10
as $$
begin
    if synonym_entries.config_id is not null and not frontdesk.caller_is_operator()
        and synonym_entries.config_id not in (select frontdesk.accessible_config_ids())
    then
        return;
    end if;

    return query
        with entries as materialized (
            select d.term, d.synonyms, d.one_way, 'domain' as source, coalesce(d.priority, 0) as priority
            from domain_synonym_mappings as d
            where d.domain_id = synonym_entries.config_id and d.term = any (synonym_entries.names)
            union all
            select d.term, d.synonyms, false, 'domain', coalesce(d.priority, 0)
            from domain_synonym_mappings as d
            where d.domain_id = synonym_entries.config_id and d.synonyms && synonym_entries.names
                and not d.one_way and d.term <> all (synonym_entries.names)
            union all
            select g.term, g.synonyms, g.one_way, 'global', 0
            from global_synonym_mappings as g
            where g.is_safe_for_all and g.term = any (synonym_entries.names)
            union all
            select g.term, g.synonyms, false, 'global', 0
            from global_synonym_mappings as g
            where g.is_safe_for_all and g.synonyms && synonym_entries.names
                and not g.one_way and g.term <> all (synonym_entries.names)
        )
        select e.term, e.synonyms, true, e.source, e.priority
        from entries as e
        where e.term = any (synonym_entries.names)
        union all
        -- Backwards: a synonym finds the term. Not for everybody's entries of a term that the domain has of its own.
        select s.name, array[e.term], false, e.source, e.priority
        from entries as e
        cross join unnest(e.synonyms) as s (name)
        where not e.one_way and s.name = any (synonym_entries.names)
            and (
                e.source = 'domain'
                or not exists (
                    select
                    from domain_synonym_mappings as d
                    where d.domain_id = synonym_entries.config_id and d.term = e.term
                )
            );
end
$$;

comment on function frontdesk.synonym_entries(uuid, text[]) is
    'What the synonyms of a domain (its configuration''s id) and those safe for all say of names, as terms and backwards. No rows of a domain that is not the caller''s. Never raises.';

comment on function frontdesk.expand_synonyms is
    'Terms of a query that have synonyms, each synonym with its source (domain or global) and its weight beside the '
    'term, which counts 1.';
comment on function frontdesk.set_synonyms is
    'Sets what a term is called besides in a domain; an empty array removes the entry.';
comment on function frontdesk.import_synonyms is
    'Sets the synonyms of a domain from the text of a synonyms.txt of Solr or Elasticsearch; returns what changed.';
comment on function frontdesk.export_synonyms is
    'The synonyms of a domain as a synonyms.txt of Solr and Elasticsearch, which import_synonyms reads again.';
comment on function frontdesk.normal_term is
    'A synonym term in its normal form: Unicode NFKC, lower case, single spaces, none around.';
