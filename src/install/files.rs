//! The embedded SQL files, in the order in which they run.

/// An embedded file.
pub struct File {
    /// Its path below `sql/`.
    pub path: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// One step in the life of the tables. A released migration is never edited.
pub struct Migration {
    /// The schema version that it leads to.
    pub version: i32,
    /// What it runs.
    pub files: &'static [File],
}

macro_rules! file {
    ($path:literal) => {
        File {
            path: $path,
            sql: include_str!(concat!("../../sql/", $path)),
        }
    };
}

macro_rules! files {
    ($($path:literal),* $(,)?) => { &[$(file!($path)),*] };
}

/// Roles, created when absent.
pub const ROLES: File = file!("roles.sql");

/// `auth.uid()` and its siblings, created when absent.
pub const AUTH: File = file!("auth.sql");

/// Who may call which function.
pub const FUNCTION_GRANTS: File = file!("functions/grants.sql");

/// SQL functions.
pub const FUNCTIONS: &[File] = files![
    "functions/tenancy/access.sql",
    "functions/tenancy/organizations.sql",
    "functions/tenancy/membership.sql",
    "functions/tenancy/domains.sql",
    "functions/tenancy/deletion.sql",
    "functions/tenancy/acting.sql",
    "functions/writing/widget.sql",
    "functions/writing/knowledge.sql",
    "functions/writing/products.sql",
    "functions/writing/telemetry.sql",
    "functions/writing/privacy.sql",
    "functions/writing/content.sql",
    "functions/chat.sql",
    "functions/content.sql",
    "functions/crawls.sql",
    "functions/queues.sql",
    "functions/operators.sql",
    "functions/search.sql",
    "functions/search_index.sql",
    "functions/judging.sql",
    "functions/language.sql",
    "functions/synonyms.sql",
    "functions/cache.sql",
    "functions/search/indexes.sql",
    "functions/search/catalog.sql",
    "functions/search/filters.sql",
    "functions/telemetry.sql",
    "functions/privacy.sql",
    "functions/maintenance.sql",
    "functions/limits.sql",
    "functions/life.sql",
];

/// Trigger functions and the triggers that call them, one behaviour a file.
pub const TRIGGERS: &[File] = files![
    "triggers/access_changes.sql",
    "triggers/audit_log.sql",
    "triggers/caches.sql",
    "triggers/chunk_vectors.sql",
    "triggers/deletion.sql",
    "triggers/domain_aliases.sql",
    "triggers/domain_columns.sql",
    "triggers/domain_names.sql",
    "triggers/domain_rows.sql",
    "triggers/embedding_tenant.sql",
    "triggers/entity_search.sql",
    "triggers/job_timestamps.sql",
    "triggers/organization_owner.sql",
    "triggers/page_content.sql",
    "triggers/page_embeddings.sql",
    "triggers/queue_turns.sql",
    "triggers/rollup_invalidation.sql",
    "triggers/search_changes.sql",
    "triggers/search_language.sql",
    "triggers/seats.sql",
    "triggers/synonyms.sql",
    "triggers/telemetry.sql",
    "triggers/tenant_columns.sql",
    "triggers/tenant_counts.sql",
    "triggers/updated_at.sql",
    "triggers/widget.sql",
];

/// Views.
pub const VIEWS: &[File] = files!["views/customer_settings.sql"];

/// Indexes on operator classes of the extension.
pub const INDEXES: &[File] = files!["indexes/search.sql"];

/// Policies and privileges.
pub const BEHAVIOUR: &[File] = files![
    "policies/tenancy.sql",
    "policies/content.sql",
    "policies/knowledge.sql",
    "policies/chat.sql",
    "policies/telemetry.sql",
    "policies/privacy.sql",
    "policies/widget.sql",
    "policies/synonyms.sql",
    "policies/cache.sql",
    "grants.sql",
];

/// Tables, columns, constraints and indexes.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    files: files![
        "tables/internal/schema_version.sql",
        "tables/internal/domain_names.sql",
        "tables/internal/access_changes.sql",
        "tables/internal/embedding_model.sql",
        "tables/internal/queue_heads.sql",
        "tables/internal/chunk_vectors.sql",
        "tables/internal/corpus_changes.sql",
        "tables/internal/vector_counts.sql",
        "tables/internal/vector_codes.sql",
        "tables/internal/uncoded_vectors.sql",
        "tables/internal/dead_vector_codes.sql",
        "tables/internal/vector_indexes.sql",
        "tables/tenancy/organizations.sql",
        "tables/tenancy/organization_members.sql",
        "tables/tenancy/organization_invitations.sql",
        "tables/tenancy/customer_configs.sql",
        "tables/tenancy/domains.sql",
        "tables/content/scraped_pages.sql",
        "tables/content/website_content.sql",
        "tables/content/structured_extractions.sql",
        "tables/content/scrape_jobs.sql",
        "tables/content/embedding_queue.sql",
        "tables/content/entity_extraction_queue.sql",
        "tables/knowledge/page_embeddings.sql",
        "tables/internal/chunk_failures.sql",
        "tables/internal/switched_configs.sql",
        "tables/knowledge/entity_catalog.sql",
        "tables/knowledge/product_catalog.sql",
        "tables/knowledge/training_data.sql",
        "tables/knowledge/business_classifications.sql",
        "tables/chat/conversations.sql",
        "tables/chat/messages.sql",
        "tables/telemetry/chat_telemetry.sql",
        "tables/telemetry/chat_telemetry_rollups.sql",
        "tables/telemetry/chat_telemetry_domain_rollups.sql",
        "tables/telemetry/chat_telemetry_model_rollups.sql",
        "tables/telemetry/chat_cost_alerts.sql",
        "tables/privacy/gdpr_audit_log.sql",
        "tables/privacy/demo_attempts.sql",
        "tables/widget/widget_configs.sql",
        "tables/widget/widget_config_variants.sql",
        "tables/widget/widget_config_history.sql",
        "tables/synonyms/global_synonym_mappings.sql",
        "tables/synonyms/domain_synonym_mappings.sql",
        "tables/cache/query_cache.sql",
        "tables/cache/search_cache.sql",
        "tables/internal/rollup_invalidations.sql",
        "tables/internal/request_rates.sql",
        "tables/internal/search_segments.sql",
        "tables/internal/search_postings.sql",
        "tables/internal/search_changes.sql",
        "tables/internal/text_search_reindex.sql",
        "seeds/global_synonyms.sql",
    ],
}];

/// The names of the tables in the extension's schema, and of the views.
pub fn table_names() -> Vec<String> {
    let tables = MIGRATIONS
        .iter()
        .flat_map(|migration| migration.files)
        .chain(VIEWS);
    tables
        .filter(|file| file.path.starts_with("tables/") || file.path.starts_with("views/"))
        .filter(|file| !file.path.starts_with("tables/internal/"))
        .filter_map(|file| file.path.rsplit('/').next()?.strip_suffix(".sql"))
        .map(str::to_owned)
        .collect()
}
