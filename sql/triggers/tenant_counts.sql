-- Counts of a tenant go with it. The rows that it held have gone before, and were counted.

-- Security definer: lets whoever may delete a domain or a configuration forget its counts.
create or replace function frontdesk.forget_tenant_counts()
returns trigger
language plpgsql
security definer
as $$
begin
    delete from frontdesk_internal.corpus_changes as c where c.owner_id = old.id;
    delete from frontdesk_internal.vector_counts as c where c.config_id = old.id;
    delete from frontdesk_internal.vector_indexes as i where i.config_id = old.id;
    return null;
end
$$;

comment on function frontdesk.forget_tenant_counts() is
    'Trigger: the counts of a domain or configuration that goes are forgotten.';

create trigger forget_tenant_counts after delete on domains
    for each row execute function frontdesk.forget_tenant_counts();
create trigger forget_tenant_counts after delete on customer_configs
    for each row execute function frontdesk.forget_tenant_counts();
