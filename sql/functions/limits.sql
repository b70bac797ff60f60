-- Credentials and limits of a domain; the functions are in the library.

comment on function frontdesk.create_keyring is
    'Makes the file with the keys that seal credentials, and returns the id of its first key. For superusers.';
comment on function frontdesk.rotate_keyring is
    'Adds a key to the keyring, which seals from now on, and returns its id. For superusers.';
comment on function frontdesk.set_credentials is
    'Seals and stores credentials of a domain for one kind of service; NULL removes them. For admins, owners and operators.';
comment on function frontdesk.get_credentials is
    'The credentials of a domain for one kind of service, opened; NULL when it has none. For operators only.';
comment on function frontdesk.rotate_credentials is
    'Seals with the current key what older keys sealed, a bounded number at a time; returns how many.';
comment on function frontdesk.check_origin is
    'Whether a web origin may embed the domain''s widget, by allowed_origins: *, an origin, a host, or *.host.';
comment on function frontdesk.check_rate_limit is
    'Counts a request of a key against the domain''s rate_limit (requests a minute for each key): whether it is allowed, '
    'how many more are, and how long to wait.';
comment on function frontdesk.quota_usage is
    'The quotas of a domain (pages, chunks, monthly cost), what is used of each and whether it is used up.';
comment on function frontdesk.check_quota is
    'Raises 54000 when a quota of the domain (pages, chunks, monthly cost) is used up.';
