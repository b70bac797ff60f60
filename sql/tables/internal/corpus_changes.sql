-- How often what searches and answers are made of has changed. The sum for a domain, its configuration and everybody is the
-- version of the domain's knowledge: it grows with every transaction that changes something, in the order in which they
-- commit, so that two snapshots with the same sum see the same knowledge. Writers add rows and wait for nobody; now and then
-- one folds rows, which leaves the sum as it is.
create table frontdesk_internal.corpus_changes (
    owner_id uuid,
    changes bigint not null
);

-- Adds up the changes of one tenant.
create index corpus_changes_owner_id_idx on frontdesk_internal.corpus_changes (owner_id) include (changes);

comment on table frontdesk_internal.corpus_changes is
    'Counts changes of what answers are made of; cached answers are found under the count that they were made at.';
comment on column frontdesk_internal.corpus_changes.owner_id is
    'The domain (domains.id) or configuration (customer_configs.id); null for changes that concern everybody. [none]';
comment on column frontdesk_internal.corpus_changes.changes is 'Number of changes. [none]';
