-- PS003 security definer without a search_path
create function frontdesk.mine() returns integer language c security definer set work_mem = '1MB' as 'frontdesk', 'mine';

-- PS004 security definer that looks into a schema of strangers
create function frontdesk.mine() returns integer language sql security definer set search_path = public, pg_temp as 'select 1';

-- PS004 security definer that looks into temporary objects first
create function frontdesk.mine() returns integer language sql security definer set search_path = frontdesk_tables as 'select 1';

-- PS016 a function of whoever comes first
create function frontdesk.mine() returns integer language plpgsql set search_path = public as $$
begin
    return helper(1);
end
$$;

-- PS002 a function that may be somebody else's
create or replace function public.mine() returns integer language sql as 'select 1';

-- PS012 a table that may be somebody else's
create table if not exists domains (id uuid);

-- PS015 a view that may be somebody else's
create or replace view public.customer_settings as select 1 as id;

-- PS014 an index that may be somebody else's
create index if not exists idx_mine on domains (id);

-- PS017 a table of whoever comes first
select 1 from domains;

-- PS018 a search_path that is one word
set search_path = 'public, pg_temp';

-- unreadable what is no SQL
create funktion x;
