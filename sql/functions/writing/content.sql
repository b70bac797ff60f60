-- Content that no crawler finds: summaries, imported texts, answers written by hand.

-- Definer: content is written through functions only; a member writes that of their own domains.
create or replace function frontdesk.put_website_content(
    domain text, url text, title text, content text, summary text default null, metadata jsonb default '{}'
)
returns table (content_id uuid, status text)
language plpgsql volatile security definer rows 1
as $$
declare
    target record;
    own_url text;
    is_new boolean;
begin
    perform frontdesk.require_value('url', url);
    perform frontdesk.require_text('content', content);
    perform frontdesk.require_object('metadata', metadata);
    select * into target from frontdesk.require_domain(domain, 'member');
    if not target.active then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the domain is not active',
            hint = 'Switch it on: update domains set active = true where domain = ''...'';';
    elsif octet_length(content) > 33554432 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = 'content must be at most 32 MB',
            hint = 'Split the document.';
    end if;
    own_url := frontdesk.own_page_url(target.domain_id::text, url);

    insert into website_content as w (domain_id, url, title, content, summary, metadata)
    values (
        target.domain_id, own_url, put_website_content.title, put_website_content.content, put_website_content.summary,
        put_website_content.metadata
    )
    on conflict on constraint unique_domain_content_url do update
    set title = excluded.title, content = excluded.content, summary = excluded.summary, metadata = excluded.metadata
    where (w.title, w.content, w.summary, w.metadata)
        is distinct from (excluded.title, excluded.content, excluded.summary, excluded.metadata)
    returning w.id, w.xmax = 0 into content_id, is_new;
    if content_id is null then
        select w.id into content_id from website_content as w where w.domain_id = target.domain_id and w.url = own_url;
        status := 'unchanged';
    else
        status := case when is_new then 'inserted' else 'updated' end;
    end if;
    return next;
end
$$;

comment on function frontdesk.put_website_content is
    'Stores a text of a domain under a url of its own, in place of what was there, and returns its id and inserted, updated '
    'or unchanged. For members, admins, owners and operators. Raises 22023 for a url outside the domain, blank content or '
    'metadata that is no object, 42501 when the role is too low, P0002 when the domain is unknown or somebody else''s, 54000 '
    'for content above 32 MB or metadata above 1 MB, 55000 when the domain is not active, 22004 for a NULL domain, url, '
    'content or metadata.';

-- Definer: as put_website_content.
create or replace function frontdesk.remove_website_content(domain text, url text)
returns boolean
language plpgsql volatile security definer
as $$
declare
    target record;
begin
    perform frontdesk.require_value('url', url);
    select * into target from frontdesk.require_domain(domain, 'member');
    delete from website_content as w
    where w.domain_id = target.domain_id and w.url = frontdesk.own_page_url(target.domain_id::text, remove_website_content.url);
    return found;
end
$$;

comment on function frontdesk.remove_website_content is
    'Removes the text that a domain has stored under a url; false when there is none. For members, admins, owners and '
    'operators. Raises 22023 for a url outside the domain, 42501 when the role is too low, P0002 when the domain is unknown '
    'or somebody else''s, 22004 for NULL.';

comment on function frontdesk.own_page_url is
    'The one spelling of a page''s url, when it lies on the domain, below it or on one of its aliases.';
