create schema bench;
create table bench.texts (n bigint primary key, chunk text not null);
create table bench.questions (
    tenant integer,
    n integer,
    words text,
    long_words text,
    embedding vector,
    nearest uuid[],
    primary key (tenant, n)
);
