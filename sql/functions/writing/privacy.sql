-- People who ask for a demonstration: the operators' prospects.

-- Definer: spares its callers, the operators, grants on what it calls.
create or replace function frontdesk.record_demo_attempt(domain text, email text, company_name text default null)
returns uuid
language plpgsql volatile security definer
as $$
declare
    attempt uuid;
begin
    perform frontdesk.require_value('domain', domain);
    perform frontdesk.require_value('email', email);
    perform frontdesk.check_email(frontdesk.normal_email(email));
    insert into demo_attempts (domain, email, company_name)
    values (
        frontdesk.normalize_domain(record_demo_attempt.domain), frontdesk.normal_email(record_demo_attempt.email),
        nullif(btrim(record_demo_attempt.company_name), '')
    )
    returning id into attempt;
    return attempt;
end
$$;

comment on function frontdesk.record_demo_attempt is
    'Records that somebody has asked for a demonstration for a domain, which need not be registered, and returns the id of '
    'the record. For operators. Raises 22023 when the domain is no host name or the e-mail address is none, 22004 for NULL.';
