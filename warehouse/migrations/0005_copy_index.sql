-- What finds copies in the time of the new articles alone, and what became of groups that turned out to be one.

create table internal.indexed_articles (
    number bigint not null,
    article_id varchar not null,
    version integer not null,
    method integer not null,
    outlet varchar not null,
    published_latest timestamptz,
    digest varchar not null,
    fingerprints bigint[] not null,
    primary key (number)
);

comment on table internal.indexed_articles is 'The index of the copy finder: a row for each article, derived from its text.';
comment on column internal.indexed_articles.number is 'Number of this version in the index, ascending with the loads and never used again.';
comment on column internal.indexed_articles.article_id is 'Id of the article.';
comment on column internal.indexed_articles.version is 'Version of the article.';
comment on column internal.indexed_articles.method is 'How fingerprints were made; those of another method are made again.';
comment on column internal.indexed_articles.outlet is 'As in articles.';
comment on column internal.indexed_articles.published_latest is 'As in articles. Null when it isn''t known.';
comment on column internal.indexed_articles.digest is 'Equal for two articles only where all their folded words are.';
comment on column internal.indexed_articles.fingerprints is 'Hashes of chosen runs of five words, ascending; texts that share two are compared.';

create view internal.fingerprints as
select
    number,
    article_id,
    unnest(fingerprints) as fingerprint
from internal.indexed_articles;

comment on view internal.fingerprints is 'The index of the copy finder, a row for each fingerprint of each article.';
comment on column internal.fingerprints.number is 'Number of the article''s version in the index.';
comment on column internal.fingerprints.article_id is 'Id of the article.';
comment on column internal.fingerprints.fingerprint is 'Hash of a run of five words.';

create table group_merges (
    group_id varchar not null,
    merged_into varchar not null,
    run_id varchar not null,
    primary key (group_id)
);

comment on table group_merges is 'A group of near-identical copies that is part of another now: an article joined the two.';
comment on column group_merges.group_id is 'Id of the group that is no more; it is never used again.';
comment on column group_merges.merged_into is 'Id of the group that its articles belong to since.';
comment on column group_merges.run_id is 'The run that found it.';
