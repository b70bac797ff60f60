-- What the vector of a text should be, and a log of every vector written.
create function vector_of(hash text) returns vector
language sql immutable
return (
    select array_agg(get_byte(decode(left(hash, 16), 'hex'), i) + 1 order by i)::vector from generate_series(0, 7) as i
);
create table stored (chunk_id uuid not null, content_hash text not null, at timestamptz not null default clock_timestamp());
create function log_stored() returns trigger
language plpgsql security definer set search_path = public
as $$
begin
    insert into stored (chunk_id, content_hash) values (new.id, new.content_hash);
    return null;
end
$$;
create trigger log_stored after update of embedding on page_embeddings
    for each row when (new.embedding is not null)
    execute function log_stored();

-- Changes the text of a chunk under its id, as an application might.
create function change_chunk(page_url text, addition text) returns void
language plpgsql
as $$
declare
    page uuid;
begin
    select q.page_id into page
    from embedding_queue as q
    join scraped_pages as p on p.id = q.page_id
    where p.url = page_url
    for update of q;
    update page_embeddings
    set chunk_text = chunk_text || ' ' || addition, embedding = null
    where id = (select e.id from page_embeddings as e where e.page_id = page limit 1);
    update embedding_queue
    set status = 'pending', not_before = null, lease_token = null, lease_expires_at = null
    where page_id = page;
end
$$;
