-- What \df+ says about the functions of privacy.

comment on function frontdesk.gdpr_export is
    'Everything that a domain holds about one person (session id, customer or user id, or e-mail address) as one JSON document. For admins, owners and operators; leaves an audit entry.';

comment on function frontdesk.gdpr_erase is
    'Erases what gdpr_export returns, and the domain''s caches; mode anonymize keeps telemetry without the person. Returns a receipt with counts per table. For admins, owners and operators; leaves an audit entry without the identifier.';
