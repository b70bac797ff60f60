-- Terms and synonyms in one form: Unicode NFKC, lower case, single spaces; no empty ones, no doubles, never the term itself.

-- Security definer: lets the caller do nothing; it spares a grant on the function it calls.
create or replace function frontdesk.normalize_synonyms()
returns trigger
language plpgsql
security definer
as $$
begin
    new.term := frontdesk.normal_term(new.term);
    if new.term = '' then
        raise exception using
            errcode = '23514',
            message = 'a synonym mapping needs a term that is not empty',
            hint = 'Give the word or phrase that visitors use.';
    end if;

    new.synonyms := array(
        select s.word
        from (
            select frontdesk.normal_term(given.word) as word, min(given.position) as position
            from unnest(new.synonyms) with ordinality as given (word, position)
            group by 1
        ) as s
        where s.word not in ('', new.term)
        order by s.position
    );
    if new.synonyms = '{}' then
        raise exception using
            errcode = '23514',
            message = format('term "%s" needs at least one synonym other than itself', new.term),
            hint = 'Delete the mapping if the term has no synonyms.';
    end if;
    return new;
end
$$;

comment on function frontdesk.normalize_synonyms() is
    'Trigger: terms and synonyms in normal form, without empty ones, doubles and the term itself; refuses (23514) when nothing is left.';

create trigger normalize_synonyms before insert or update of term, synonyms on global_synonym_mappings
    for each row execute function frontdesk.normalize_synonyms();
create trigger normalize_synonyms before insert or update of term, synonyms on domain_synonym_mappings
    for each row execute function frontdesk.normalize_synonyms();
