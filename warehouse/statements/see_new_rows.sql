-- The rows beyond those that `note_last_rows` noted, and with `note_no_rows` all rows; and what a load asks about
-- besides, by its places.

create or replace temp view new_articles as
select
    rowid as place,
    article_id,
    url,
    outlet,
    publishing_agency,
    published_earliest,
    published_latest,
    text,
    version,
    content_hash
from articles
where rowid > getvariable('last_article');

create or replace temp view new_versions as
select
    article_id,
    version,
    url,
    content_hash,
    run_id
from article_versions
where rowid > getvariable('last_version');

create or replace temp view new_story_articles as
select
    story,
    article_id
from story_articles
where rowid > getvariable('last_story_article');

create or replace temp view new_paragraphs as
select
    article_id,
    position,
    start_char,
    text
from paragraphs
where rowid > getvariable('last_paragraph');

create or replace temp view new_removed_blocks as
select
    article_id,
    ordinal
from removed_blocks
where rowid > getvariable('last_removed_block');

create or replace temp view new_time_signals as
select
    article_id,
    ordinal
from time_signals
where rowid > getvariable('last_time_signal');

create or replace temp view new_credit_signals as
select
    article_id,
    ordinal
from credit_signals
where rowid > getvariable('last_credit_signal');

create or replace temp view new_copies as
select
    article_id,
    source_id,
    containment,
    source_containment,
    jaccard
from copies
where rowid > getvariable('last_copy');

create or replace temp view new_passages as
select
    article_id,
    paragraph,
    start_char,
    end_char,
    source_id,
    source_paragraph,
    source_start_char,
    source_end_char
from reused_passages
where rowid > getvariable('last_passage');

create or replace temp view new_members as
select
    group_id,
    article_id
from wire_groups
where rowid > getvariable('last_member');

create or replace temp view new_runs as
select
    run_id,
    run_number,
    counts
from runs
where rowid > getvariable('last_run');

create or replace temp view new_fates as
select
    run_id,
    url,
    fate,
    reason,
    article_id
from url_fates
where rowid > getvariable('last_fate');

create or replace temp view new_captures as
select
    run_id,
    url,
    outcome,
    reason,
    article_id,
    version
from internal.captures
where rowid > getvariable('last_capture');

create or replace temp view new_indexed as
select
    number,
    article_id,
    version
from internal.indexed_articles
where rowid > getvariable('last_indexed');

-- articles that the load asks about, as they are now
create or replace temp view known_articles as
select
    article_id,
    url,
    outlet,
    publishing_agency,
    published_earliest,
    published_latest,
    text,
    version,
    content_hash
from new_articles
union all
select
    article_id,
    url,
    outlet,
    publishing_agency,
    published_earliest,
    published_latest,
    text,
    version,
    content_hash
from articles
where rowid in (select stored_places.place from stored_places);

-- every version of what has a new one
create or replace temp view known_versions as
select
    article_id,
    version,
    url,
    content_hash,
    run_id
from new_versions
union all
select
    article_id,
    version,
    url,
    content_hash,
    run_id
from article_versions
where
    rowid in (
        select old.rowid
        from article_versions as old
        where
            old.article_id in (select replaced_articles.article_id from replaced_articles)
            and old.rowid <= getvariable('last_version')
    );

-- paragraphs of the articles that the load touches, as they are now
create or replace temp view known_paragraphs as
select
    article_id,
    position,
    start_char,
    text
from new_paragraphs
union all
select
    article_id,
    position,
    start_char,
    text
from paragraphs
where rowid in (select touched_rows.place from touched_rows);
