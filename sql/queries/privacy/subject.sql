-- Who is meant: $1 domain (domains.id), $2 identifier, $3 the identifier as a uuid if it is one.
--
-- An identifier is a session id, a customer id or an e-mail address. Conversations of the domain that share a session, a
-- customer or an address with it are the same person's, and so are those that share one with these. Values are compared
-- whole, addresses in any case; nothing outside the domain is looked at.
with recursive traits as materialized (
    select c.id as conversation_id, t.kind, t.value
    from conversations as c
    cross join lateral (
        values
            ('session', c.session_id),
            ('customer', c.customer_id::text),
            ('email', lower(c.metadata ->> 'email')),
            ('email', lower(c.metadata ->> 'user_email')),
            ('email', lower(c.metadata ->> 'customer_email'))
    ) as t (kind, value)
    -- Absent and blank values are shared by strangers.
    where c.domain_id = $1 and btrim(t.value) <> ''
),
person (kind, value) as (
    select i.kind, i.value
    from (values ('session', $2), ('customer', $3::text), ('email', lower($2))) as i (kind, value)
    where i.value is not null
    union
    select other.kind, other.value
    from person as p
    join traits as shared on shared.kind = p.kind and shared.value = p.value
    join traits as other on other.conversation_id = shared.conversation_id
)
select
    array(
        select distinct t.conversation_id
        from traits as t
        join person as p on p.kind = t.kind and p.value = t.value
    ),
    array(select p.value from person as p where p.kind = 'session'),
    array(select p.value from person as p where p.kind = 'email')
