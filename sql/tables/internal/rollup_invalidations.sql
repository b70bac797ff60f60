-- What refresh_rollups() has still to recompute. Writers only append and a refresh deletes what it has seen: a table
-- that kept one row per bucket (ON CONFLICT DO NOTHING) would lose the change of a writer that commits while a refresh
-- deletes the row it met.
create table frontdesk_internal.rollup_invalidations (
    id bigint generated always as identity,
    hour timestamptz,
    domain text,
    model text,
    constraint rollup_invalidations_pkey primary key (id)
) with (
    -- Every refresh empties it: vacuum by number, not by share.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 10000
);

comment on table frontdesk_internal.rollup_invalidations is
    'Hours of chat_telemetry that have changed since the rollups were refreshed; one row per statement, hour, domain and model.';
comment on column frontdesk_internal.rollup_invalidations.id is 'Primary key. [none]';
comment on column frontdesk_internal.rollup_invalidations.hour is
    'Start of the hour in UTC; null when chat_telemetry was truncated, which touches every bucket. [none]';
comment on column frontdesk_internal.rollup_invalidations.domain is
    'Name of the domain; empty for requests without one. [none]';
comment on column frontdesk_internal.rollup_invalidations.model is 'Name of the language model. [none]';
