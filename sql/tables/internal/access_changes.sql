-- What sessions tell each other about when memberships or domains have changed: messages of Postgres that a relation has
-- to be looked at again, which never reach any plan, because nothing reads this one (src/access/changes.rs).
create table frontdesk_internal.access_changes (
    id integer primary key
);

comment on table frontdesk_internal.access_changes is
    'Always empty; its invalidation messages tell sessions to read again who reaches what.';
comment on column frontdesk_internal.access_changes.id is 'Never written: tables are expected to have a key. [none]';
