-- Rows are found by their places: a join reads the addresses of all, matched or not.

with known as materialized (
    select
        article_id,
        url,
        version,
        content_hash,
        first_seen_at
    from articles
    where
        rowid in (
            select own.rowid
            from articles as own
            where own.article_id in (select unnest($article_ids::varchar[]))
        )
)

select
    known.article_id,
    known.url,
    known.version,
    known.content_hash,
    known.first_seen_at,
    article_versions.archive_file,
    article_versions.archive_offset,
    article_versions.rules_version
from known
inner join article_versions using (article_id, version)
where
    article_versions.rowid in (
        select own.rowid
        from article_versions as own
        where own.article_id in (select known.article_id from known)
    );
