-- What people and chat servers read in place of customer_configs: the same rows, under the reader's
-- own policies, without the credential columns, so that `select *` works for them.
create view customer_settings with (security_invoker = true) as
select
    id,
    organization_id,
    domain,
    business_name,
    business_description,
    primary_color,
    welcome_message,
    suggested_questions,
    woocommerce_url,
    shopify_shop,
    rate_limit,
    allowed_origins,
    active,
    created_at,
    updated_at
from customer_configs;

comment on view customer_settings is 'Configuration of the domains that the reader may see, without credentials.';

revoke all on customer_settings from public, anon, authenticated, chat_server, service_role;
grant select on customer_settings to authenticated, chat_server, service_role;
