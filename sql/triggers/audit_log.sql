-- The audit log only ever grows.

create or replace function frontdesk.refuse_audit_change()
returns trigger
language plpgsql
as $$
begin
    raise exception using
        errcode = '42501',
        message = format('gdpr_audit_log is append-only, %s is not possible', tg_op),
        hint = 'Write a further entry that corrects or explains the earlier one.';
end
$$;

comment on function frontdesk.refuse_audit_change() is
    'Trigger: refuses (42501) every UPDATE, DELETE and TRUNCATE of the audit log, whoever asks.';

-- Security definer: reads whose a domain name is; the writer chooses the name, never the organization of a held one.
create or replace function frontdesk.fill_audit_organization()
returns trigger
language plpgsql
security definer
as $$
declare
    holder uuid;
begin
    new.domain := frontdesk.canonical_domain(new.domain);
    select r.organization_id into holder from frontdesk_internal.domain_names as r where r.name = new.domain;
    if found then
        new.organization_id := holder;
    end if;
    return new;
end
$$;

comment on function frontdesk.fill_audit_organization() is
    'Trigger: an audit entry belongs to the organization that holds the domain name when it is written; the given one counts only where nobody holds it.';

create trigger fill_audit_organization before insert on gdpr_audit_log
    for each row execute function frontdesk.fill_audit_organization();
create trigger refuse_change before update or delete on gdpr_audit_log
    for each statement execute function frontdesk.refuse_audit_change();
create trigger refuse_truncate before truncate on gdpr_audit_log
    for each statement execute function frontdesk.refuse_audit_change();
