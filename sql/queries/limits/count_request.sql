-- $1 domain, $2 key, $3 requests a minute. due_at is when the key will have all its requests back: each request moves it by
-- one interval, from now at the earliest, and is allowed while it stays within a minute from now.
with rule as materialized (
    select clock_timestamp() as instant, interval '1 minute' / nullif($3, 0) as each,
        sha256(convert_to($1::text || ' ' || $2, 'UTF8')) as digest
),
counted as (
    insert into frontdesk_internal.request_rates as r (key_digest, due_at)
    select u.digest, u.instant + u.each from rule as u where u.each is not null
    on conflict (key_digest) do update
    set due_at = greatest(r.due_at, clock_timestamp()) + (select u.each from rule as u)
    where greatest(r.due_at, clock_timestamp()) + (select u.each from rule as u) <= clock_timestamp() + interval '1 minute'
    returning r.due_at
),
known as (
    select r.due_at from frontdesk_internal.request_rates as r join rule as u on r.key_digest = u.digest
)
select exists (select from counted),
    case
        when u.each is null then 0
        else floor(extract(epoch from u.instant + interval '1 minute' - greatest(c.due_at, k.due_at, u.instant))
            / extract(epoch from u.each))::integer
    end,
    case
        when exists (select from counted) then interval '0'
        when u.each is null then interval '1 minute'
        else greatest(k.due_at + u.each - interval '1 minute' - clock_timestamp(), interval '0')
    end
from rule as u
left join counted as c on true
left join known as k on true
