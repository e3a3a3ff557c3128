select
    articles.article_id,
    articles.url,
    articles.version,
    articles.content_hash,
    articles.first_seen_at,
    article_versions.archive_file,
    article_versions.archive_offset,
    article_versions.rules_version
from articles
inner join article_versions using (article_id, version)
where articles.article_id in (select unnest($article_ids::varchar[]));
