-- Live blogs are marked, and their posts are dated.

alter table articles add column is_live_blog boolean;

comment on column articles.is_live_blog is 'Whether it is a live blog: its paragraphs of kind post are dated entries. Null for what an earlier release loaded, until it is derived again.';

alter table article_versions add column is_live_blog boolean;

comment on column article_versions.is_live_blog is 'Whether it is a live blog: its paragraphs of kind post are dated entries. Null for what an earlier release loaded, until it is derived again.';

alter table paragraphs add column posted_at timestamptz;

comment on column paragraphs.posted_at is 'When the live blog''s entry that it belongs to was written. Null outside of live blogs.';

create or replace view originals as
with copies_per_group as (
    select
        group_id,
        count(*) - 1 as copy_count
    from wire_groups
    group by group_id
)
select
    articles.article_id,
    articles.url,
    articles.canonical_url,
    articles.outlet,
    articles.outlet_name,
    articles.title,
    articles.subtitle,
    articles.byline_raw,
    articles.authors,
    articles.agencies,
    articles.publishing_agency,
    articles.published_at,
    articles.published_raw,
    articles.published_precision,
    articles.published_source,
    articles.published_zone,
    articles.published_earliest,
    articles.published_latest,
    articles.modified_at,
    articles.language,
    articles.text,
    articles.word_count,
    articles.section,
    articles.tags,
    articles.image_url,
    articles.is_paywalled,
    articles.is_live_blog,
    articles.version,
    articles.first_seen_at,
    articles.fetched_at,
    articles.content_hash,
    coalesce(copies_per_group.copy_count, 0) as copy_count
from articles
left join wire_groups using (article_id)
left join copies_per_group using (group_id)
where wire_groups.role is null or wire_groups.role = 'origin';

comment on view originals is 'Coverage without copies: articles in no group, and one article for each group.';
comment on column originals.article_id is 'Short stable id of the article, derived from its URL.';
comment on column originals.url is 'Canonical URL under which the article is filed; file:NAME for a local text.';
comment on column originals.canonical_url is 'What the page itself declares as its canonical URL. Null when it declares none.';
comment on column originals.outlet is 'Publisher: the registered domain, or the host of an address; file for a local text that names none.';
comment on column originals.outlet_name is 'Publisher''s name as the page, the feed or the input states it. Null when none of them does.';
comment on column originals.title is 'Headline. Null when the page has none.';
comment on column originals.subtitle is 'Standfirst under the headline. Null when the page has none.';
comment on column originals.byline_raw is 'Who signs it, as written. Null when nobody does.';
comment on column originals.authors is 'Persons, and agencies that sign as authors, named by the byline or the page''s metadata; empty when none is.';
comment on column originals.agencies is 'News agencies credited with the text, in normal form; empty when none is.';
comment on column originals.publishing_agency is 'Agency on whose own site the article stands. Null for all other outlets.';
comment on column originals.published_at is 'Time of publication that the page states. Null when no source gives one that can be read.';
comment on column originals.published_raw is 'The statement behind published_at, as written. Null when there is none.';
comment on column originals.published_precision is 'How exactly published_at is stated: second, minute, day, month or year. Null when published_at is.';
comment on column originals.published_source is 'The signal that published_at rests on; see time_signals. Null when there is none.';
comment on column originals.published_zone is 'Time zone as stated, such as +02:00. Null when the page gives no zone (published_at then reads the clock time as UTC) or no time at all.';
comment on column originals.published_earliest is 'The article appeared not before this moment. Null when nothing bounds it.';
comment on column originals.published_latest is 'The article appeared not after this moment. Null when nothing bounds it.';
comment on column originals.modified_at is 'Time of the last edit that the page states. Null when it states none.';
comment on column originals.language is 'Language of the text, ISO 639-1; und when it can''t be told.';
comment on column originals.text is 'Clean text: the paragraphs, joined by an empty line. Offsets elsewhere count its characters from 0.';
comment on column originals.word_count is 'Words in text.';
comment on column originals.section is 'Section of the outlet. Null when the page names none.';
comment on column originals.tags is 'Keywords that the page gives; empty when it gives none.';
comment on column originals.image_url is 'Lead image. Null when the page names none.';
comment on column originals.is_paywalled is 'Whether the page says that its full text is for subscribers only. Null when it doesn''t say.';
comment on column originals.is_live_blog is 'Whether it is a live blog: its paragraphs of kind post are dated entries. Null for what an earlier release loaded, until it is derived again.';
comment on column originals.version is 'Number of the version, from 1 in the order in which they were seen.';
comment on column originals.first_seen_at is 'When the article, in any version, was first fetched.';
comment on column originals.fetched_at is 'When this version was fetched.';
comment on column originals.content_hash is 'Hash of the normalized text and title: two versions differ in it.';
comment on column originals.copy_count is 'Other articles of its group; 0 when it is in none.';
