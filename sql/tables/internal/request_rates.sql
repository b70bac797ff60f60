-- Rate limits: when each key will have all its requests back. Unlogged: losing it in a crash costs a minute of limits.
-- A row per key and none per domain, so that requests of different visitors never wait for each other.
create unlogged table frontdesk_internal.request_rates (
    key_digest bytea primary key,
    due_at timestamptz not null
) with (
    -- Rows live for minutes.
    autovacuum_vacuum_scale_factor = 0.05
);

comment on table frontdesk_internal.request_rates is 'When each key of a rate limit will have all its requests back.';
comment on column frontdesk_internal.request_rates.key_digest is 'SHA-256 of domain and key. [identifier]';
comment on column frontdesk_internal.request_rates.due_at is 'When nothing of the key''s use is left. [none]';

-- Finds keys to forget.
create index idx_request_rates_due_at on frontdesk_internal.request_rates (due_at);
