-- Who belongs to an organization, which domains it has, and what has synonyms is kept by every session (src/access.rs): a
-- change has to be announced. Before the change, so that nothing later in the statement can ask in between; also while rows of another
-- server are applied (always). The function is in the library, costs a look-up, and lets every row pass.

create trigger announce_access_change before insert or update or delete on organization_members
    for each row execute function frontdesk.announce_access_change();
create trigger announce_access_change before insert or update or delete on domains
    for each row execute function frontdesk.announce_access_change();
create trigger announce_access_change before insert or update or delete on customer_configs
    for each row execute function frontdesk.announce_access_change();
create trigger announce_access_change before insert or update or delete on domain_synonym_mappings
    for each row execute function frontdesk.announce_access_change();
create trigger announce_access_change before insert or update or delete on global_synonym_mappings
    for each row execute function frontdesk.announce_access_change();

create trigger announce_truncation before truncate on organization_members
    for each statement execute function frontdesk.announce_access_change();
create trigger announce_truncation before truncate on domains
    for each statement execute function frontdesk.announce_access_change();
create trigger announce_truncation before truncate on customer_configs
    for each statement execute function frontdesk.announce_access_change();
create trigger announce_truncation before truncate on domain_synonym_mappings
    for each statement execute function frontdesk.announce_access_change();
create trigger announce_truncation before truncate on global_synonym_mappings
    for each statement execute function frontdesk.announce_access_change();

alter table organization_members enable always trigger announce_access_change;
alter table organization_members enable always trigger announce_truncation;
alter table domains enable always trigger announce_access_change;
alter table domains enable always trigger announce_truncation;
alter table customer_configs enable always trigger announce_access_change;
alter table customer_configs enable always trigger announce_truncation;
alter table domain_synonym_mappings enable always trigger announce_access_change;
alter table domain_synonym_mappings enable always trigger announce_truncation;
alter table global_synonym_mappings enable always trigger announce_access_change;
alter table global_synonym_mappings enable always trigger announce_truncation;
