-- When a domain changes its language, what is already stored is searched in the new one too.

-- Security definer: lets whoever may set a domain's language have the search vectors of that domain made anew.
create or replace function frontdesk.derive_search_again()
returns trigger
language plpgsql
security definer
as $$
begin
    update scraped_pages set content_search_vector = null where domain_id = new.id;
    update page_embeddings as e
    set search_vector = null
    from scraped_pages as p
    where p.domain_id = new.id and e.page_id = p.id;
    update entity_catalog set search_vector = null where domain_id = new.id;
    return null;
end
$$;

comment on function frontdesk.derive_search_again() is
    'Trigger: a new text_search_config of a domain makes the search vectors of its pages, chunks and entities anew, which takes as long as writing them did.';

create trigger derive_search_again after update of text_search_config on domains
    for each row when (old.text_search_config is distinct from new.text_search_config)
    execute function frontdesk.derive_search_again();
